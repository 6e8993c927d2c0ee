import type { Connections } from "./connections.ts";
import type { Desired } from "./desired.ts";
import { NodeContainer } from "./docker.ts";
import { observe } from "./observe.ts";
import type { ObservedCluster } from "./observed.ts";
import type { Progress } from "./progress.ts";
import { reconcile } from "./reconcile.ts";
import { execute } from "./steps/execute.ts";

/**
 * Rounds of look, plan, do. A plan ends where only another look tells what comes next, so several are usual; more than this mean
 * that somebody interferes or that a step does not do what the model says.
 */
const mostRounds = 12;

/**
 * Leads the running containers to the plan: looks, plans, does, and looks again until nothing is left to do. Safe to cut off
 * anywhere and to run any number of times. Returns what was seen last.
 */
export async function converge(
  desired: Desired,
  connections: Connections,
  progress: Progress,
): Promise<ObservedCluster> {
  const { plan } = desired;
  const containers = Object.fromEntries(plan.nodes.map((node) => [node.name, new NodeContainer(node.container)]));
  for (let round = 1; ; round++) {
    const observed = await observe(plan, connections);
    const stages = reconcile(desired, observed);
    if (stages.length === 0) return observed;
    if (round > mostRounds) throw new Error(`still to do after ${mostRounds} rounds: ${JSON.stringify(stages)}`);
    await execute({ desired, containers, connections, progress }, stages);
  }
}
