import type { SubscriptionPlan } from "../../configs/logicalPlan.ts";
import type { ClusterPlan } from "../../configs/plan.ts";
import { type NodeStatus, notRunning } from "../nodeStatus.ts";
import type { ObservedCluster, ObservedNode, ObservedReplication } from "../observed.ts";

/** One row of `status` in mode logical. What a subscriber lags is what the publisher sees of its subscription. */
export function logicalNodeStatus(plan: ClusterPlan, observed: ObservedCluster, node: ObservedNode): NodeStatus {
  const { server } = node;
  const plannedRole = node.name === plan.primary ? "publisher" : "subscriber";
  const subscription = plan.logical?.subscriptions.find((each) => each.node === node.name);
  const publisher = observed.nodes.find(({ name }) => name === plan.primary)?.server;
  const row = publisher?.replication.find(({ applicationName }) => applicationName === subscription?.name);
  return {
    node: node.name,
    role: server === undefined ? "unknown" : server.inRecovery ? "standby" : plannedRole,
    plannedRole,
    state: notRunning(node) ?? (subscription === undefined ? "running" : subscriptionState(node, subscription, row)),
    timeline: server?.timeline ?? node.volumes?.data?.timeline ?? null,
    syncState: null,
    writeLagBytes: row?.writeLagBytes ?? null,
    flushLagBytes: row?.flushLagBytes ?? null,
    replayLagBytes: row?.replayLagBytes ?? null,
    replayLagSeconds: row === undefined ? null : secondsBehind(row),
    slot: row?.slot ?? null,
    sizeBytes: server?.databaseBytes ?? null,
  };
}

function subscriptionState(
  { server }: ObservedNode,
  { name }: SubscriptionPlan,
  row: ObservedReplication | undefined,
): string {
  const found = server?.logical?.subscriptions.find((each) => each.name === name);
  if (found === undefined) return "no subscription";
  if (!found.enabled) return "disabled";
  const waiting = found.tables.filter(({ state }) => state !== "r").length;
  if (waiting > 0) return `copying ${waiting} of ${found.tables.length} tables`;
  return row?.state ?? "not streaming";
}

/** PostgreSQL measures a delay only while there is something to apply. */
function secondsBehind({ replayLagSeconds, replayLagBytes }: ObservedReplication): number | null {
  return replayLagSeconds ?? (replayLagBytes === 0 ? 0 : null);
}
