import { labels } from "../configs/labels.ts";
import type { ClusterPlan } from "../configs/plan.ts";

/** A changed label replaces a container: they are few and fixed. */
export function clusterLabels(plan: ClusterPlan, node?: string): { label: string; value: string }[] {
  const declared = [{ label: labels.stack as string, value: plan.stack }];
  if (node !== undefined) declared.push({ label: labels.node, value: node });
  return declared;
}
