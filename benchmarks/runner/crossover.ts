export interface Point {
  readonly bytes: number;
  /** What `challenger` takes less than its rival; negative where it takes more. */
  readonly gain: number;
}

/** Where the challenger begins to win for good. `below` and `above`: outside of what was measured, which ends at `bytes`. */
export interface Crossover {
  readonly at: "below" | "between" | "above";
  readonly bytes: number;
}

/** Interpolated linearly between the two sizes of which the smaller is the last one that was not won. At least one point. */
export function crossoverOf(points: readonly Point[]): Crossover {
  const sorted = points.toSorted((a, b) => a.bytes - b.bytes);
  const lost = sorted.findLastIndex(({ gain }) => gain <= 0);
  const [before, after] = [sorted[lost], sorted[lost + 1]];
  if (before === undefined) return { at: "below", bytes: after!.bytes };
  if (after === undefined) return { at: "above", bytes: before.bytes };
  const part = before.gain / (before.gain - after.gain);
  return { at: "between", bytes: before.bytes + part * (after.bytes - before.bytes) };
}
