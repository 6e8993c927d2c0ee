/** Of a sample that can be compared with an earlier one of the same server. */
export interface Timed {
  /** Seconds since the epoch, by the node's clock. */
  readonly at: number;
  /** Names this run of the server: its start, seconds since the epoch. Counters of two runs have nothing to do with each other. */
  readonly startedAt: number;
}

/** How fast a counter grows, a second; null without an earlier sample of the same run, and when the counter went back: it was reset. */
export function rateBetween<Sample extends Timed>(
  before: Sample | undefined,
  now: Sample,
  counter: (sample: Sample) => number | null,
): number | null {
  if (before?.startedAt !== now.startedAt) return null;
  const [from, to, seconds] = [counter(before), counter(now), now.at - before.at];
  return from === null || to === null || to < from || seconds <= 0 ? null : (to - from) / seconds;
}
