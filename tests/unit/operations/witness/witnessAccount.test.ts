import { describe, expect, test } from "vitest";
import { longestGap } from "../../../../operations/witness/longestGap.ts";
import { throughput } from "../../../../operations/witness/throughput.ts";
import { accountFor, type WitnessHistory } from "../../../../operations/witness/witnessAccount.ts";
import type { WrittenRow } from "../../../../operations/witness/writtenRow.ts";
import { row } from "./row.ts";

describe("the longest gap", () => {
  test.each([
    ["is between two acknowledgements, in whatever order they come", [900, 100, 400], [0, 1000], [400, 900]],
    ["is the first of several that are as long", [100, 200], [0, 300], [0, 100]],
    ["lasts up to the end when nothing came back", [100, 200], [0, 1000], [200, 1000]],
    ["counts from the begin", [800, 900], [0, 1000], [0, 800]],
    ["is all of the time without an acknowledgement", [], [0, 1000], [0, 1000]],
    ["ends with what came after the end", [100, 1500], [0, 1000], [100, 1000]],
  ])("%s", (_, moments, [begin, end], [from, to]) => {
    const expected = { from, to, milliseconds: to! - from! };
    expect(longestGap(moments, begin!, end!)).toEqual(expected);
  });
});

test("throughput counts whole intervals and leaves out what is after them", () => {
  expect(throughput([0, 1, 199, 200, 650, 799, 801], 850, 200)).toEqual({ interval: 200, perSecond: [15, 5, 0, 10] });
  expect(throughput([1], 100, 200)).toEqual({ interval: 200, perSecond: [] });
});

describe("an account", () => {
  const history = (written: readonly WrittenRow[], more: Partial<WitnessHistory> = {}): WitnessHistory => ({
    clients: 2,
    end: 1000,
    written,
    probes: { "pg-1": { accepted: [], refused: 0, unanswered: 0 } },
    lag: [],
    marks: [],
    errors: [],
    ...more,
  });
  const written = [
    row({ client: 0, number: 1, sentAt: 0, endedAt: 10 }),
    row({ client: 1, number: 1, sentAt: 0, endedAt: 20 }),
    row({ client: 0, number: 2, sentAt: 10, endedAt: 300, outcome: "indeterminate" }),
    row({ client: 0, number: 3, sentAt: 400, endedAt: 410, outcome: "failed" }),
    row({ client: 0, number: 4, sentAt: 500, endedAt: 540, node: "pg-2", timeline: 2 }),
  ];
  const present = [
    { client: 0, number: 1, times: 1 },
    { client: 1, number: 1, times: 1 },
    { client: 0, number: 4, times: 1 },
  ];

  test("has every figure from the rows", () => {
    expect(accountFor(history(written), present, "pg-2")).toMatchObject({
      ok: true,
      accountedOn: "pg-2",
      acknowledged: 3,
      failed: 1,
      indeterminate: 1,
      indeterminateAbsent: 1,
      longestGap: { from: 20, to: 540, milliseconds: 520 },
      longestGapOfOneClient: { client: 1, from: 20, to: 1000, milliseconds: 980 },
      latency: { p50: 20, max: 40 },
      perSecond: 3,
      splitBrain: [],
      primaries: [
        { node: "pg-1", timeline: 1, from: 10 },
        { node: "pg-2", timeline: 2, from: 540 },
      ],
    });
  });

  test.each([
    ["an acknowledged row is missing", present.slice(1), {}],
    ["a row is there twice", [...present.slice(1), { client: 0, number: 1, times: 2 }], {}],
    ["a failed row is there", [...present, { client: 0, number: 3, times: 1 }], {}],
    ["a row is there that nobody sent", [...present, { client: 7, number: 1, times: 1 }], {}],
    [
      "a probe was accepted by the old primary",
      present,
      {
        probes: {
          "pg-1": {
            accepted: [{ node: "pg-1", timeline: 1, sentAt: 600, acknowledgedAt: 601 }],
            refused: 0,
            unanswered: 0,
          },
        },
      },
    ],
  ])("is not ok when %s", (_, found, more) => {
    expect(accountFor(history(written, more), found, "pg-2").ok).toBe(false);
  });

  test("is one of nothing, too", () => {
    expect(accountFor(history([], { end: 0 }), [], "pg-1")).toMatchObject({
      ok: true,
      acknowledged: 0,
      latency: null,
      perSecond: 0,
      longestGap: { milliseconds: 0 },
    });
  });
});
