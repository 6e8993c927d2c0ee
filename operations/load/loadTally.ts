import { type Latencies, LatencyTally } from "../latencies.ts";

/** Counts what the clients of a load were told, as they are told. */
export class LoadTally {
  acknowledged = 0;
  /** Ended with an error. */
  failed = 0;
  /** Of those that were logged as done, how many were committed without the confirmation of standbys. */
  unconfirmed = 0;
  readonly errors = new Map<string, number>();
  private readonly latencies = new LatencyTally();
  private begin = Number.POSITIVE_INFINITY;
  private end = Number.NEGATIVE_INFINITY;

  /** @param endedAt microseconds since the epoch */
  done(microseconds: number, endedAt: number): void {
    this.acknowledged++;
    this.latencies.add(microseconds);
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
    this.latencies.addAll(other.latencies);
    this.begin = Math.min(this.begin, other.begin);
    this.end = Math.max(this.end, other.end);
    return this;
  }

  /** From the begin of the first to the end of the last; 0 before there is one. */
  get seconds(): number {
    return this.end < this.begin ? 0 : (this.end - this.begin) / 1_000_000;
  }

  /** Of all that were done; null before there is one. */
  get latencyMilliseconds(): Latencies | null {
    return this.latencies.milliseconds;
  }
}
