import { setTimeout as delay } from "node:timers/promises";
import { ignoreAbort } from "./until.ts";

/** Does the work now and then at every multiple of `interval` milliseconds, left out where the work took longer, until it is told to end. */
export async function every(interval: number, ended: AbortSignal, work: () => Promise<void>): Promise<void> {
  const start = performance.now();
  while (!ended.aborted) {
    await work();
    const passed = performance.now() - start;
    const rest = (Math.floor(passed / interval) + 1) * interval - passed;
    await delay(rest, undefined, { signal: ended }).catch(ignoreAbort);
  }
}
