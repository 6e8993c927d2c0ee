import { createHash } from "node:crypto";
import type { ClusterPlan, NodePlan } from "./plan.ts";

/** A plan with each declared file replaced by its SHA-256: what the hook is told, and what a preview shows of it line by line. */
export type DescribedPlan = Omit<ClusterPlan, "nodes"> & { readonly nodes: readonly DescribedNode[] };
export type DescribedNode = Omit<NodePlan, "files"> & { readonly fileHashes: Readonly<Record<string, string>> };

/** The plan as indented JSON. The files' texts are left out: they are shown, and diffed, where they are written. */
export function describePlan(plan: ClusterPlan): string {
  const nodes = plan.nodes.map(({ files, ...node }): DescribedNode => {
    const fileHashes = Object.fromEntries(Object.entries(files).map(([name, text]) => [name, sha256(text)]));
    return { ...node, fileHashes };
  });
  return `${JSON.stringify({ ...plan, nodes }, null, 2)}\n`;
}

/** The inverse of describePlan, given the files that were left out. */
export function readPlan(text: string, files: Readonly<Record<string, Readonly<Record<string, string>>>>): ClusterPlan {
  const { nodes, ...cluster } = JSON.parse(text) as DescribedPlan;
  return { ...cluster, nodes: nodes.map(({ fileHashes: _, ...node }) => ({ ...node, files: files[node.name] ?? {} })) };
}

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
