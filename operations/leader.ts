import type { NodePlan } from "../configs/plan.ts";
import type { Desired } from "./desired.ts";
import type { ObservedCluster, ObservedNode } from "./observed.ts";

/**
 * Does this node accept writes, or would it as soon as it is started? A primary that is about to become a standby has the standby.signal
 * already while its server still takes writes.
 */
export function isWritable({ server, volumes }: Pick<ObservedNode, "server" | "volumes">): boolean {
  if (server !== undefined) return !server.inRecovery;
  if (volumes?.fence !== undefined) return false;
  return volumes?.data !== undefined && !volumes.data.standbySignal;
}

/**
 * The node that leads the cluster at present, by its name: the declared primary, unless another one is writable in its place, or, while
 * a switchover is half done, nobody.
 */
export function leaderOf({ plan }: Pick<Desired, "plan">, { nodes }: ObservedCluster): string | undefined {
  const writable = nodes.filter(isWritable).map(({ name }) => name);
  if (writable.length === 0) return nodes.some(({ volumes }) => volumes?.data) ? undefined : plan.primary;
  return writable.includes(plan.primary) ? plan.primary : writable[0];
}

/** The same cluster with another primary: what holds until a switchover has changed it. */
export function ledBy(desired: Desired, primary: string): Desired {
  const { plan } = desired;
  if (primary === plan.primary) return desired;
  const led = (node: NodePlan): NodePlan => ({ ...node, role: node.name === primary ? "primary" : "standby" });
  const nodes = Object.entries(desired.nodes).map(([name, node]) => [name, { ...node, plan: led(node.plan) }]);
  return { ...desired, plan: { ...plan, primary, nodes: plan.nodes.map(led) }, nodes: Object.fromEntries(nodes) };
}
