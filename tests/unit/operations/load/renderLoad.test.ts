import { describe, expect, test } from "vitest";
import type { LoadResult } from "../../../../operations/load/load.ts";
import { isComplete, renderBar, renderLoad, renderMoment } from "../../../../operations/load/renderLoad.ts";

const latencyMilliseconds = { p50: 3.154, p95: 15.5, p99: 99.94, max: 1234.5 };
const result: LoadResult = {
  stack: "test",
  operation: "insert",
  table: "public.load",
  run: "2026-11-20T21:55:37.933322Z",
  requested: 10_000,
  acknowledged: 10_000,
  failed: 0,
  unconfirmed: 0,
  rowsInTable: 10_000,
  seconds: 4.5,
  perSecond: 2222.2,
  latencyMilliseconds,
  nodes: [{ node: "pg-1", acknowledged: 10_000, failed: 0, perSecond: 2222.2, latencyMilliseconds }],
  errors: [],
};

describe("the result", () => {
  test("says what was acknowledged, how fast, and how to count it", () => {
    expect(renderLoad(result).split("\n")).toEqual([
      "10,000 of 10,000 rows acknowledged by pg-1 in 4.5 s: 2,222/s",
      "latency p50 3.15 ms, p95 15.5 ms, p99 99.9 ms, max 1235 ms",
      "10,000 rows of this run are in the table: select count(*) from public.load where run = '2026-11-20T21:55:37.933322Z'",
    ]);
  });

  test("hides no failure, and says each thing once", () => {
    const failed = {
      ...result,
      acknowledged: 9_000,
      failed: 8,
      unconfirmed: 1,
      rowsInTable: 9_003,
      errors: [{ text: "the server closed the connection", count: 8 }],
    };
    const text = renderLoad(failed);
    expect(text).toContain("9,000 of 10,000 rows acknowledged");
    expect(text).toMatch(/^8 failed$/m);
    expect(text).toMatch(/^1 committed on the primary but not confirmed/m);
    expect(text).toMatch(/^991 not done/m);
    expect(text).toContain("  8 × the server closed the connection");
    expect(isComplete(failed)).toBe(false);
  });

  test("shouts when acknowledged rows are missing, and is not complete then", () => {
    const lost = { ...result, rowsInTable: 9_990 };
    expect(renderLoad(lost)).toContain("10 ACKNOWLEDGED ROWS ARE MISSING");
    expect(isComplete(lost)).toBe(false);
  });

  test("has a line for each node that was read from", () => {
    const nodes = ["pg-2", "pg-3"].map((node) => ({ ...result.nodes[0]!, node, acknowledged: 5_000 }));
    const lines = renderLoad({ ...result, operation: "read", run: null, rowsInTable: null, nodes }).split("\n");
    expect(lines[0]).toContain("10,000 of 10,000 queries answered by pg-2, pg-3");
    expect(lines[2]).toContain("  pg-2: 5,000, 2,222/s, latency p50 3.15 ms");
    expect(lines).toHaveLength(4);
  });

  test("is complete when all was acknowledged and, as far as that could be seen, is there", () => {
    expect(isComplete(result)).toBe(true);
    expect(isComplete({ ...result, rowsInTable: null })).toBe(true);
  });
});

describe("a load at work", () => {
  const moment = { requested: 10_000, acknowledged: 2_500, failed: 0, unconfirmed: 0, read: false, perSecond: 1234.4 };

  test("is one line", () => {
    expect(renderMoment(moment)).toBe("2,500 of 10,000 rows acknowledged, 1,234/s");
    expect(renderMoment({ ...moment, failed: 2, unconfirmed: 1, read: true })).toBe(
      "2,500 of 10,000 queries answered, 1,234/s, 2 failed, 1 not confirmed by standbys",
    );
  });

  test("has a bar as wide as the terminal leaves room for", () => {
    expect(renderBar(moment, 120)).toBe(`▕${"█".repeat(10)}${" ".repeat(30)}▏ ${renderMoment(moment)}`);
    expect(renderBar(moment, 60)).toHaveLength(60);
    expect(renderBar(moment, 45)).toBe(renderMoment(moment));
  });
});
