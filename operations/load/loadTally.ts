/** Milliseconds. */
export interface Latencies {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** Counts what the clients of a load were told, as they are told. */
export class LoadTally {
  acknowledged = 0;
  /** Ended with an error. */
  failed = 0;
  /** Of those that were logged as done, how many were committed without the confirmation of standbys. */
  unconfirmed = 0;
  readonly errors = new Map<string, number>();
  /** How often each latency (in microseconds) occurred: exact, however many transactions there are. */
  private readonly latencies = new Map<number, number>();
  private begin = Number.POSITIVE_INFINITY;
  private end = Number.NEGATIVE_INFINITY;

  /** @param endedAt microseconds since the epoch */
  done(microseconds: number, endedAt: number): void {
    this.acknowledged++;
    this.latencies.set(microseconds, (this.latencies.get(microseconds) ?? 0) + 1);
    this.begin = Math.min(this.begin, endedAt - microseconds);
    this.end = Math.max(this.end, endedAt);
  }

  complain(text: string): void {
    this.errors.set(text, (this.errors.get(text) ?? 0) + 1);
  }

  /** Takes back one that counted as acknowledged, or is about to. */
  withoutConfirmation(): void {
    this.acknowledged--;
    this.unconfirmed++;
  }

  add(other: LoadTally): this {
    this.acknowledged += other.acknowledged;
    this.failed += other.failed;
    this.unconfirmed += other.unconfirmed;
    for (const [text, count] of other.errors) this.errors.set(text, (this.errors.get(text) ?? 0) + count);
    for (const [time, count] of other.latencies) this.latencies.set(time, (this.latencies.get(time) ?? 0) + count);
    this.begin = Math.min(this.begin, other.begin);
    this.end = Math.max(this.end, other.end);
    return this;
  }

  /** From the begin of the first to the end of the last; 0 before there is one. */
  get seconds(): number {
    return this.end < this.begin ? 0 : (this.end - this.begin) / 1_000_000;
  }

  /** Of all that were done; null before there is one. Percentiles are the smallest value that as many are not above (nearest rank). */
  get latencyMilliseconds(): Latencies | null {
    const sorted = [...this.latencies].sort(([a], [b]) => a - b);
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
