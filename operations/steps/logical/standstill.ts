/** Milliseconds between two looks at something that moves by itself. */
export const lookEvery = 50;

/** Milliseconds without any change after which a subscriber counts as stuck. */
export const standsStillAfter = 120_000;

/** Tells whether what is looked at again and again has stopped changing. */
export class Standstill {
  private readonly bound: number;
  private seen: unknown;
  private since = performance.now();

  constructor(bound: number) {
    this.bound = bound;
  }

  /** Has `now` been the same for longer than the bound? */
  lastsTooLong(now: unknown): boolean {
    if (now !== this.seen) {
      this.seen = now;
      this.since = performance.now();
    }
    return performance.now() - this.since > this.bound;
  }
}
