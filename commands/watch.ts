import { every } from "../operations/every.ts";
import { watchCluster } from "../operations/watch/clusterWatch.ts";
import { declaredPlan } from "./declaredPlan.ts";
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
  const plan = await declaredPlan(stack);
  return interruptibly(async (interrupted) => {
    const closed = new AbortController();
    process.stdout.on("error", () => closed.abort());
    await using cluster = watchCluster(plan);
    using live = process.stdout.isTTY && !json ? new LiveText(process.stdout) : undefined;
    await every(interval * 1000, AbortSignal.any([interrupted, closed.signal]), async () => {
      const view = await cluster.look(Math.max(leastBound, interval * 800));
      if (live) live.show(cluster.table(view));
      else process.stdout.write(`${json ? JSON.stringify(view) : cluster.line(view)}\n`);
    });
    return interrupted.reason === 130 || !interrupted.aborted ? 0 : interrupted.reason;
  });
}
