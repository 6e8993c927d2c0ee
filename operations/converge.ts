import type { Desired } from "./desired.ts";
import { NodeContainer } from "./docker.ts";
import { observe } from "./observe.ts";
import type { Progress } from "./progress.ts";
import { reconcile } from "./reconcile.ts";
import { execute } from "./steps/execute.ts";

/** Rounds of look, plan, do. One is enough where the model is right and nobody interferes; more are needed after a stopped container. */
const mostRounds = 5;

/**
 * Leads the running containers to the plan: looks, plans, does, and looks again until nothing is left to do. Safe to cut off
 * anywhere and to run any number of times.
 */
export async function converge(desired: Desired, progress: Progress): Promise<void> {
  const { plan } = desired;
  const containers = Object.fromEntries(plan.nodes.map((node) => [node.name, new NodeContainer(node.container)]));
  for (let round = 1; ; round++) {
    const stages = reconcile(desired, await observe(plan));
    if (stages.length === 0) return;
    if (round > mostRounds) throw new Error(`still to do after ${mostRounds} rounds: ${JSON.stringify(stages)}`);
    await execute({ desired, containers, progress }, stages);
  }
}
