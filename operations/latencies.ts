/** Milliseconds. */
export interface Latencies {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** How often each latency occurred, in microseconds: exact, however many there are. */
export class LatencyTally {
  private readonly counts = new Map<number, number>();

  add(microseconds: number, times = 1): void {
    this.counts.set(microseconds, (this.counts.get(microseconds) ?? 0) + times);
  }

  addAll(other: LatencyTally): void {
    for (const [time, times] of other.counts) this.add(time, times);
  }

  /** null before there is one. Percentiles are the smallest value that as many are not above (nearest rank). */
  get milliseconds(): Latencies | null {
    const sorted = [...this.counts].sort(([a], [b]) => a - b);
    if (sorted.length === 0) return null;
    const total = sorted.reduce((sum, [, count]) => sum + count, 0);
    const percentile = (percent: number) => {
      let notAbove = 0;
      for (const [time, count] of sorted) {
        notAbove += count;
        if (notAbove >= (total * percent) / 100) return time / 1000;
      }
      throw new Error(`there is no percentile ${percent}`);
    };
    return { p50: percentile(50), p95: percentile(95), p99: percentile(99), max: percentile(100) };
  }
}
