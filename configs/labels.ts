/** Labels by which `status`, `destroy`, the hook and people find what belongs to a cluster. */
export const labels = {
  stack: "postgres-cluster.stack",
  node: "postgres-cluster.node",
  /** A container that a command made for itself, and that ends with it. */
  throwAway: "postgres-cluster.throw-away",
} as const;
