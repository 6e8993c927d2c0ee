import { stringify } from "yaml";

/** The stack config that is measured: the default quorum cluster, on ports of its own. */
export function stackConfig(ports: readonly number[]): string {
  const nodes = ports.map((port, index) => ({ name: `pg-${index + 1}`, port }));
  const config = {
    "postgres-cluster:mode": "quorum",
    "postgres-cluster:nodes": nodes,
    "postgres-cluster:primary": nodes[0]!.name,
  };
  return stringify({ config });
}
