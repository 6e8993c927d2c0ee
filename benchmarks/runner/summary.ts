import type { Measurement, Target } from "./measure.ts";

export interface Summary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export interface Verdict extends Target {
  /** The median, or the ratio of the medians. */
  readonly value: number;
  readonly reached: boolean;
}

/** Of at least one figure. */
export function summarise(figures: readonly number[]): Summary {
  const sorted = figures.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const median = (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2;
  return { median, min: sorted[0]!, max: sorted.at(-1)! };
}

export function verdicts({ contestants, targets }: Measurement): Verdict[] {
  const median = (wanted: string) => {
    const found = contestants.find(({ name }) => name === wanted);
    if (found === undefined) throw new Error(`a target names ${wanted}, which is none of the contestants`);
    return summarise(found.figures).median;
  };
  return targets.map((target) => {
    const value = median(target.of) / (target.over === undefined ? 1 : median(target.over));
    return { ...target, value, reached: value <= target.atMost };
  });
}
