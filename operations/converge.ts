import type { ClusterPlan } from "../configs/plan.ts";
import type { Connections } from "./connections.ts";
import type { Desired } from "./desired.ts";
import { NodeContainer } from "./docker.ts";
import { observe } from "./observe.ts";
import type { Progress } from "./progress.ts";
import { plotCourse, reconcile } from "./reconcile.ts";
import { execute } from "./steps/execute.ts";
import { type Gathered, gather } from "./verify/verify.ts";

/**
 * Rounds of look, plan, do. A plan ends where only another look tells what comes next, so several are usual, and one for each server that
 * is restarted; more than this mean that somebody interferes or that a step does not do what the model says.
 */
const mostRounds = ({ nodes }: ClusterPlan) => 12 + nodes.length;

/**
 * Leads the running containers to the plan: looks, plans, does, and looks again until nothing is left to do. Safe to cut off
 * anywhere and to run any number of times. The last look is the one that a verification is judged by: what it takes is returned.
 */
export async function converge(desired: Desired, connections: Connections, progress: Progress): Promise<Gathered> {
  const { plan } = desired;
  const containers = Object.fromEntries(plan.nodes.map((node) => [node.name, new NodeContainer(node.container)]));
  let observed = await observe(plan, connections);
  for (let round = 1; round <= mostRounds(plan); round++) {
    const { desired: present, stages, expected } = plotCourse(desired, observed);
    await execute({ desired: present, containers, connections, progress }, stages);
    if (expected === undefined) {
      observed = await observe(plan, connections);
      continue;
    }
    const gathered = await gather(desired, connections, expected);
    if (reconcile(desired, gathered.observed).length === 0) return gathered;
    observed = gathered.observed;
  }
  throw new Error(`still to do after ${mostRounds(plan)} rounds: ${JSON.stringify(reconcile(desired, observed))}`);
}
