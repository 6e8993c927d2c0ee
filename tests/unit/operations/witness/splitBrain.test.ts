import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type AcceptedWrite, findSplitBrain } from "../../../../operations/witness/splitBrain.ts";

/** `A1 10-12`: node A accepted on timeline 1 what was sent at 10 and acknowledged at 12. */
function writes(text: string): AcceptedWrite[] {
  return text.split(/,\s*/).map((each) => {
    const [, node, timeline, sentAt, acknowledgedAt] = /^(\w)(\d+) (\d+)-(\d+)$/.exec(each)!;
    return { node: node!, timeline: Number(timeline), sentAt: Number(sentAt), acknowledgedAt: Number(acknowledgedAt) };
  });
}

describe("no split brain", () => {
  test.each([
    ["one node", "A1 0-1, A1 10-11, A1 20-21"],
    ["a failover", "A1 0-1, A1 10-11, B2 20-21, B2 30-31"],
    ["a switchover there and back", "A1 0-1, B2 10-11, A3 20-21, B4 30-31"],
    ["a restart on the same timeline", "A1 0-1, A1 100-101"],
    ["writes that may have been the other way round", "A1 0-1, A1 10-20, B2 12-14"],
    ["a write that was under way for long", "A1 0-100, B2 50-51, B2 60-61"],
    ["two promotions to one timeline, one after the other", "A1 0-1, B2 10-11, C2 20-21, C2 30-31"],
    ["nothing at all", ""],
  ])("%s", (_, text) => {
    expect(findSplitBrain(text === "" ? [] : writes(text))).toEqual([]);
  });
});

describe("split brain", () => {
  test.each([
    ["an old primary that is back", "A1 0-1, B2 10-11, A1 20-21", "B2 10-11, A1 20-21"],
    ["an old primary that was never fenced", "A1 0-1, B2 10-11, A1 11-12, A1 12-13, B2 12-14", "B2 10-11, A1 12-13"],
    ["an old primary, sent one moment too late", "A1 10-20, B2 7-9", "B2 7-9, A1 10-20"],
    [
      "one that is back after a switchover there and back",
      "A1 0-1, B2 10-11, A3 20-21, B2 30-31",
      "A3 20-21, B2 30-31",
    ],
    ["two nodes in turn on one timeline", "A1 0-1, B1 10-11, A1 20-21", "B1 10-11, A1 20-21"],
    ["two standbys promoted to one timeline", "A1 0-1, B2 10-11, C2 10-11, B2 20-21, C2 20-21", "C2 10-11, B2 20-21"],
  ])("%s", (_, text, evidence) => {
    const [earlier, later] = writes(evidence);
    expect(findSplitBrain(writes(text))).toEqual([{ earlier, later }]);
  });

  test("each pair of terms that overlap is told once", () => {
    const found = findSplitBrain(writes("A1 0-1, B2 10-11, C3 20-21, A1 30-31, B2 30-31"));
    expect(found.map(({ earlier, later }) => `${later.node} after ${earlier.node}`)).toEqual([
      "A after B",
      "A after C",
      "B after C",
    ]);
  });
});

describe("of any history", () => {
  /** Terms one after the other, each on a higher timeline; writes of many clients overlap within a term. */
  const terms = fc.array(
    fc.record({
      node: fc.constantFrom("A", "B", "C"),
      writes: fc.array(fc.tuple(fc.nat(100), fc.nat(30)), { minLength: 1, maxLength: 20 }),
    }),
    { minLength: 2, maxLength: 6 },
  );
  const tell = (history: typeof terms extends fc.Arbitrary<infer T> ? T : never) =>
    history.flatMap(({ node, writes }, index) =>
      writes.map(([at, duration]): AcceptedWrite => {
        const sentAt = index * 1000 + at;
        return { node, timeline: index + 1, sentAt, acknowledgedAt: sentAt + duration };
      }),
    );

  test("with one primary after the other nobody is accused, in whatever order it is read", () => {
    fc.assert(
      fc.property(terms, fc.nat(), (history, seed) => {
        const told = tell(history);
        const rotated = [...told.slice(seed % told.length), ...told.slice(0, seed % told.length)];
        expect(findSplitBrain(rotated)).toEqual([]);
      }),
    );
  });

  test("with one write more on a timeline that was over, that write is the evidence", () => {
    fc.assert(
      fc.property(terms, (history) => {
        const end = history.length * 1000;
        const late = { node: history[0]!.node, timeline: 1, sentAt: end, acknowledgedAt: end + 1 };
        const found = findSplitBrain([...tell(history), late]);
        expect(found).toHaveLength(history.length - 1);
        for (const { later } of found) expect(later).toEqual(late);
      }),
    );
  });
});
