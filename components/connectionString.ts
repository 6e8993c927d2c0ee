import { clientHost } from "../configs/clientHost.ts";
import type { ClusterPlan } from "../configs/plan.ts";

/**
 * A libpq URI over every node of the cluster, primary first: with `read-write` it finds the primary wherever it is, with
 * `prefer-standby` a standby as long as one answers (PostgreSQL manual, 32.1.1 Connection Strings).
 */
export function connectionString(
  plan: ClusterPlan,
  password: string,
  caFile: string,
  targetSessionAttrs: "read-write" | "prefer-standby",
): string {
  const primaryFirst = [...plan.nodes].sort(
    (a, b) => Number(b.name === plan.primary) - Number(a.name === plan.primary),
  );
  const hosts = primaryFirst.map((node) => `${uriHost(clientHost(node.publishAddress))}:${node.port}`).join(",");
  const parameters = new URLSearchParams({
    target_session_attrs: targetSessionAttrs,
    sslmode: "verify-full",
    sslrootcert: caFile,
  });
  // libpq decodes %20 but not "+".
  const query = parameters.toString().replaceAll("+", "%20");
  return `postgresql://${plan.owner}:${encodeURIComponent(password)}@${hosts}/${plan.database}?${query}`;
}

function uriHost(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}
