/** A rate over time: one value for each `interval` milliseconds from the begin on, the last one for a whole interval, too. */
export interface Throughput {
  readonly interval: number;
  readonly perSecond: readonly number[];
}

/** How many of `moments` (milliseconds since the begin) a second fall into each interval. */
export function throughput(moments: readonly number[], end: number, interval: number): Throughput {
  const counts = new Array<number>(Math.floor(end / interval)).fill(0);
  for (const moment of moments) {
    const index = Math.floor(moment / interval);
    if (index < counts.length) counts[index]!++;
  }
  return { interval, perSecond: counts.map((count) => (count * 1000) / interval) };
}
