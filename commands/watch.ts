import { setTimeout as delay } from "node:timers/promises";
import { loadSpecFromFile } from "../configs/loadFile.ts";
import { planCluster } from "../configs/plan.ts";
import { type ClusterWatch, watchCluster } from "../operations/watch/clusterWatch.ts";
import { prepare } from "../toolchain/prepare.ts";
import { LiveText } from "./liveText.ts";
import { interruptibly } from "./signals.ts";

export interface WatchOptions {
  readonly stack: string;
  /** Seconds. */
  readonly interval: number;
  readonly json: boolean;
}

/** At least so many milliseconds are given to a node, however short the interval. */
const leastBound = 500;

/**
 * Shows a cluster again and again, without Pulumi and without changing anything: in place on a terminal, else a line each time. Ends by
 * Ctrl-C, with exit code 0: that is how it is meant to end; or when nobody reads its output any more.
 */
export async function watch({ stack, interval, json }: WatchOptions): Promise<number> {
  const { project } = await prepare({ docker: "answers" });
  const plan = planCluster(await loadSpecFromFile(project, stack));
  return interruptibly(async (interrupted) => {
    const closed = new AbortController();
    process.stdout.on("error", () => closed.abort());
    await using cluster = watchCluster(plan);
    using shown = display(cluster, json);
    await every(interval * 1000, AbortSignal.any([interrupted, closed.signal]), async () => {
      shown.show(await cluster.look(Math.max(leastBound, interval * 800)));
    });
    return interrupted.reason === 130 || !interrupted.aborted ? 0 : interrupted.reason;
  });
}

function display(cluster: ClusterWatch, json: boolean): Disposable & { show(view: unknown): void } {
  if (process.stdout.isTTY && !json) {
    const live = new LiveText(process.stdout);
    return { show: (view) => live.show(cluster.table(view)), [Symbol.dispose]: () => live[Symbol.dispose]() };
  }
  const text = json ? JSON.stringify : (view: unknown) => cluster.line(view);
  return { show: (view) => process.stdout.write(`${text(view)}\n`), [Symbol.dispose]: () => {} };
}

/** Does the work now and then at every multiple of `interval` milliseconds, left out where the work took longer, until it is told to end. */
async function every(interval: number, ended: AbortSignal, work: () => Promise<void>): Promise<void> {
  const start = performance.now();
  while (!ended.aborted) {
    await work();
    const passed = performance.now() - start;
    const rest = (Math.floor(passed / interval) + 1) * interval - passed;
    await delay(rest, undefined, { signal: ended }).catch(ignoreAbort);
  }
}

function ignoreAbort(error: Error): void {
  if (error.name !== "AbortError") throw error;
}
