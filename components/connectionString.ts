import { clientHost } from "../configs/clientHost.ts";
import type { ClusterPlan, NodePlan } from "../configs/plan.ts";

/**
 * A libpq URI over every node of the cluster, primary first: with `read-write` it finds the primary wherever it is, with
 * `prefer-standby` a standby as long as one answers (PostgreSQL manual, 32.1.1 Connection Strings).
 *
 * In logical mode every node accepts writes, so `read-write` names the publisher alone: a write that went to a subscriber while the
 * publisher is down would reach nobody. `prefer-standby` names the subscribers, whose sessions then begin as read-only ones.
 */
export function connectionString(
  plan: ClusterPlan,
  password: string,
  caFile: string,
  targetSessionAttrs: "read-write" | "prefer-standby",
): string {
  const hosts = reachedNodes(plan, targetSessionAttrs)
    .map((node) => `${uriHost(clientHost(node.publishAddress))}:${node.port}`)
    .join(",");
  const parameters = new URLSearchParams({
    ...sessionParameters(plan, targetSessionAttrs),
    sslmode: "verify-full",
    sslrootcert: caFile,
  });
  // libpq decodes %20 but not "+".
  const query = parameters.toString().replaceAll("+", "%20");
  return `postgresql://${plan.owner}:${encodeURIComponent(password)}@${hosts}/${plan.database}?${query}`;
}

function reachedNodes({ mode, nodes, primary }: ClusterPlan, targetSessionAttrs: string): readonly NodePlan[] {
  if (mode === "logical")
    return nodes.filter(({ name }) => (name === primary) === (targetSessionAttrs === "read-write"));
  return [...nodes].sort((a, b) => Number(b.name === primary) - Number(a.name === primary));
}

function sessionParameters({ mode }: ClusterPlan, targetSessionAttrs: string): Record<string, string> {
  if (mode !== "logical" || targetSessionAttrs === "read-write") return { target_session_attrs: targetSessionAttrs };
  return { target_session_attrs: "any", options: "-c default_transaction_read_only=on" };
}

function uriHost(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}
