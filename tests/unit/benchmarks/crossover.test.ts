import { expect, test } from "vitest";
import { type Crossover, crossoverOf } from "../../../benchmarks/runner/crossover.ts";

/** Gains by size. */
const cases: readonly (readonly [string, Readonly<Record<number, number>>, Crossover])[] = [
  ["won everywhere", { 10: 1, 200: 5 }, { at: "below", bytes: 10 }],
  ["won nowhere", { 10: -4, 200: -1 }, { at: "above", bytes: 200 }],
  ["a draw at the end is not won", { 10: -4, 200: 0 }, { at: "above", bytes: 200 }],
  ["won by three at 200, lost by one at 100", { 10: -4, 100: -1, 200: 3 }, { at: "between", bytes: 125 }],
  ["from a draw on", { 10: -1, 50: 0, 100: 2 }, { at: "between", bytes: 50 }],
  ["won for good only after it was lost again", { 10: 1, 50: -1, 100: 1 }, { at: "between", bytes: 75 }],
  ["one size", { 10: -1 }, { at: "above", bytes: 10 }],
];

test.each(cases)("%s", (_, gains, expected) => {
  const points = Object.entries(gains).map(([bytes, gain]) => ({ bytes: Number(bytes), gain }));
  expect(crossoverOf(points)).toEqual(expected);
  expect(crossoverOf(points.toReversed())).toEqual(expected);
});
