import Table from "cli-table3";
import type { ClusterPlan } from "../configs/plan.ts";
import { Connections } from "./connections.ts";
import { formatBytes } from "./formatBytes.ts";
import { type NodeStatus, nodeStatus } from "./nodeStatus.ts";
import { observe } from "./observe.ts";
import type { ObservedCluster } from "./observed.ts";
import { tableStyle } from "./tableStyle.ts";

/** The cluster as it is now; what `status --json` prints. */
export interface ClusterStatus {
  readonly stack: string;
  readonly mode: string;
  /** `down`: no node accepts writes, or not the publisher. `degraded`: writes go on, something else is not as planned. */
  readonly health: "healthy" | "degraded" | "down";
  /** Why it is not healthy. */
  readonly reasons: readonly string[];
  readonly nodes: readonly NodeStatus[];
}

export async function readStatus(plan: ClusterPlan): Promise<ClusterStatus> {
  await using connections = new Connections();
  return statusOf(plan, await observe(plan, connections));
}

export function statusOf(plan: ClusterPlan, observed: ObservedCluster): ClusterStatus {
  const nodes = observed.nodes.map((node) => nodeStatus(plan, observed, node));
  const reasons = [...nodes.flatMap((node) => reasonsOf(node)), ...quorumReasons(plan, observed)];
  // A subscriber accepts writes as well, but none that reach the others.
  const writable = nodes.filter(({ role }) => role === "primary" || role === "publisher");
  if (writable.length > 1) {
    reasons.unshift(`more than one node accepts writes: ${writable.map(({ node }) => node).join(", ")}`);
  }
  const health = writable.length === 0 ? "down" : reasons.length > 0 ? "degraded" : "healthy";
  return { stack: plan.stack, mode: plan.mode, health, reasons, nodes };
}

function reasonsOf({ node, role, plannedRole, state }: NodeStatus): string[] {
  if (role === "unknown") return [`${node}: ${state}`];
  if (role !== plannedRole) return [`${node} is ${role}, planned is ${plannedRole}`];
  return state === "running" || state === "streaming" ? [] : [`${node}: ${state}`];
}

function quorumReasons(
  { synchronous, synchronousStandbyNames, primary }: ClusterPlan,
  observed: ObservedCluster,
): string[] {
  const server = observed.nodes.find(({ name }) => name === primary)?.server;
  if (synchronous === undefined || server === undefined) return [];
  if (server.settings.synchronous_standby_names !== synchronousStandbyNames) {
    return ["the quorum is not switched on as planned: commits are acknowledged by fewer nodes"];
  }
  const voters = server.replication.filter(({ syncState }) => syncState === "quorum" || syncState === "sync").length;
  if (voters >= synchronous.number) return [];
  return [`${voters} of ${synchronous.number} standbys that a commit waits for are there: commits wait`];
}

/** The status for people. */
export function renderStatus(status: ClusterStatus): string {
  const table = new Table({
    head: ["node", "role", "state", "timeline", "sync", "write lag", "flush lag", "replay lag", "slot", "size"],
    style: tableStyle,
  });
  for (const node of status.nodes) {
    table.push([
      node.node,
      node.role,
      node.state,
      node.timeline ?? "",
      node.syncState ?? "",
      formatBytes(node.writeLagBytes),
      formatBytes(node.flushLagBytes),
      replayLag(node),
      node.slot ?? "",
      formatBytes(node.sizeBytes),
    ]);
  }
  return [
    table.toString(),
    `${status.stack} (${status.mode}): ${status.health}`,
    ...status.reasons.map((reason) => `  ${reason}`),
  ].join("\n");
}

function replayLag({ replayLagBytes, replayLagSeconds }: NodeStatus): string {
  const seconds = replayLagSeconds === null ? "" : ` ${replayLagSeconds.toFixed(1)} s`;
  return `${formatBytes(replayLagBytes)}${seconds}`.trim();
}
