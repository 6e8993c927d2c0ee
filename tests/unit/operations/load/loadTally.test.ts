import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LoadTally } from "../../../../operations/load/loadTally.ts";

function tallyOf(milliseconds: readonly number[]): LoadTally {
  const tally = new LoadTally();
  for (const each of milliseconds) tally.done(each * 1000, 1_000_000_000);
  return tally;
}

describe("latencies", () => {
  test("are those of the nearest rank", () => {
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(tallyOf(hundred).latencyMilliseconds).toEqual({ p50: 50, p95: 95, p99: 99, max: 100 });
    expect(tallyOf([7]).latencyMilliseconds).toEqual({ p50: 7, p95: 7, p99: 7, max: 7 });
    expect(tallyOf([1, 9]).latencyMilliseconds).toEqual({ p50: 1, p95: 9, p99: 9, max: 9 });
  });

  test("are none before there is a transaction", () => {
    expect(new LoadTally().latencyMilliseconds).toBeNull();
    expect(new LoadTally().seconds).toBe(0);
  });

  test("agree with the sorted list, also when they come from several clients", () => {
    const list = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(list, list, (one, two) => {
        const sorted = [...one, ...two].sort((a, b) => a - b);
        const at = (percent: number) => sorted[Math.ceil((percent * sorted.length) / 100) - 1];
        expect(new LoadTally().add(tallyOf(one)).add(tallyOf(two)).latencyMilliseconds).toEqual({
          p50: at(50),
          p95: at(95),
          p99: at(99),
          max: at(100),
        });
      }),
    );
  });
});

test("time passes from the begin of the first transaction to the end of the last", () => {
  const tally = new LoadTally();
  tally.done(500_000, 10_500_000);
  tally.done(100_000, 12_000_000);
  tally.done(100_000, 10_200_000);
  expect(tally.seconds).toBe(2);
});

test("a commit that standbys did not confirm is not acknowledged, whatever comes first", () => {
  const tally = new LoadTally();
  tally.done(1, 1);
  tally.withoutConfirmation();
  tally.done(1, 2);
  expect(tally).toMatchObject({ acknowledged: 1, unconfirmed: 1 });
});

test("a total adds up counts and what was said", () => {
  const [one, two] = [tallyOf([1, 2]), tallyOf([3])];
  one.failed = 1;
  one.complain("no route");
  two.complain("no route");
  const total = new LoadTally().add(one).add(two);
  expect(total).toMatchObject({ acknowledged: 3, failed: 1, unconfirmed: 0 });
  expect([...total.errors]).toEqual([["no route", 2]]);
});
