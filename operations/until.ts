import { setTimeout as delay } from "node:timers/promises";

export interface Clock {
  now(): number;
  wait(milliseconds: number): Promise<void>;
}

export const systemClock: Clock = { now: () => performance.now(), wait: (milliseconds) => delay(milliseconds) };

export interface UntilOptions {
  /** Milliseconds. */
  readonly timeout: number;
  /** What tells, after each look, how far things have come: whenever it changes, the time begins anew. */
  readonly progress?: () => unknown;
  /** Milliseconds between two looks. */
  readonly interval?: number;
  readonly clock?: Clock;
  /** Made only when the time is up. */
  readonly onTimeout: () => Error | Promise<Error>;
}

/**
 * Looks again and again until `condition` yields something other than undefined, and returns that. An error of `condition`
 * ends the wait at once: what may fail while waiting has to say so by returning undefined.
 */
export async function until<T>(condition: () => Promise<T | undefined>, options: UntilOptions): Promise<T> {
  const { timeout, progress, interval = 50, clock = systemClock, onTimeout } = options;
  let deadline = clock.now() + timeout;
  let seen: unknown;
  for (;;) {
    const result = await condition();
    if (result !== undefined) return result;
    const now = progress?.();
    if (now !== seen) deadline = clock.now() + timeout;
    seen = now;
    if (clock.now() >= deadline) throw await onTimeout();
    await clock.wait(interval);
  }
}

/** As `until`, for a condition that need not come true: false when the time is up. */
export async function comesTrue(
  condition: () => Promise<boolean>,
  options: Omit<UntilOptions, "onTimeout">,
): Promise<boolean> {
  const timeUp = new Error("the time is up");
  try {
    return await until(async () => (await condition()) || undefined, { ...options, onTimeout: () => timeUp });
  } catch (error) {
    if (error === timeUp) return false;
    throw error;
  }
}

/** For the `catch` of a wait that may be aborted: that it was is no error. */
export function ignoreAbort(error: Error): void {
  if (error.name !== "AbortError") throw error;
}
