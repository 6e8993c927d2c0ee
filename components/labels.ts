import type { ClusterPlan } from "../configs/plan.ts";

/** Labels by which `status`, `destroy` and people find what belongs to a cluster. They replace a container when changed: keep them few and fixed. */
export function clusterLabels(plan: ClusterPlan, node?: string): { label: string; value: string }[] {
  const labels = [{ label: "postgres-cluster.stack", value: plan.stack }];
  if (node !== undefined) labels.push({ label: "postgres-cluster.node", value: node });
  return labels;
}
