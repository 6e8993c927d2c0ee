/** Labels by which `status`, `destroy`, the hook and people find what belongs to a cluster. */
export const labels = {
  stack: "postgres-cluster.stack",
  node: "postgres-cluster.node",
} as const;
