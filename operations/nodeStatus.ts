import type { ClusterPlan, NodeRole } from "../configs/plan.ts";
import { logicalNodeStatus } from "./logical/logicalNodeStatus.ts";
import type { ObservedCluster, ObservedNode } from "./observed.ts";

/** One row of `status`. Lags are in bytes behind the primary's flushed WAL; null where they don't apply or aren't known. */
export interface NodeStatus {
  readonly node: string;
  readonly role: NodeRole | "unknown";
  readonly plannedRole: NodeRole;
  /** `streaming` and what pg_stat_replication calls it; `running` on a primary or publisher; else what is wrong, or still going on. */
  readonly state: string;
  readonly timeline: number | null;
  readonly syncState: string | null;
  readonly writeLagBytes: number | null;
  readonly flushLagBytes: number | null;
  readonly replayLagBytes: number | null;
  readonly replayLagSeconds: number | null;
  readonly slot: string | null;
  readonly sizeBytes: number | null;
}

export function nodeStatus(plan: ClusterPlan, observed: ObservedCluster, node: ObservedNode): NodeStatus {
  return (plan.logical === undefined ? physicalNodeStatus : logicalNodeStatus)(plan, observed, node);
}

function physicalNodeStatus(plan: ClusterPlan, observed: ObservedCluster, node: ObservedNode): NodeStatus {
  const writable = observed.nodes.filter(({ server }) => server?.inRecovery === false);
  const primary = writable.find(({ name }) => name === plan.primary) ?? writable[0];
  const row = primary?.server?.replication.find(({ applicationName }) => applicationName === node.name);
  const { server } = node;
  return {
    node: node.name,
    role: server === undefined ? "unknown" : server.inRecovery ? "standby" : "primary",
    plannedRole: node.name === plan.primary ? "primary" : "standby",
    state: stateOf(node, row?.state),
    timeline: server?.timeline ?? node.volumes?.data?.timeline ?? null,
    syncState: row?.syncState ?? null,
    writeLagBytes: row?.writeLagBytes ?? null,
    flushLagBytes: row?.flushLagBytes ?? null,
    replayLagBytes: row?.replayLagBytes ?? null,
    replayLagSeconds: server?.replayLagSeconds ?? null,
    slot: row?.slot ?? null,
    sizeBytes: server?.databaseBytes ?? null,
  };
}

function stateOf(node: ObservedNode, replicationState: string | undefined): string {
  return notRunning(node) ?? (node.server?.inRecovery ? (replicationState ?? "not streaming") : "running");
}

/** Why the node's server does not accept connections; undefined when it does. */
export function notRunning(node: ObservedNode): string | undefined {
  if (node.container !== "running") return node.container;
  if (node.volumes?.fence !== undefined) return "fenced";
  if (node.server !== undefined) return undefined;
  return node.volumes?.data === undefined ? "no data" : "not accepting connections";
}
