import { loadSpecFromFile } from "../configs/loadFile.ts";
import { planCluster } from "../configs/plan.ts";
import { UserError } from "../configs/userError.ts";
import type { AppliedState } from "../operations/appliedState.ts";
import { Connections } from "../operations/connections.ts";
import { hasVolume } from "../operations/docker.ts";
import { refuseLackingFiles } from "../operations/logical/refuseLackingFiles.ts";
import { observe } from "../operations/observe.ts";
import type { ObservedNode } from "../operations/observed.ts";
import { emptyVolumes } from "../operations/predict.ts";

/**
 * Throws a UserError where what is declared now can't be reached from what was applied, before Pulumi makes anything: a node that has
 * no data yet lacks a schema file which is no longer declared. (The hook refuses the same, but only once the node's container is there.)
 */
export async function refuseUnsafeEdit(project: string, stack: string, applied: AppliedState): Promise<void> {
  const plan = planCluster(await loadSpecFromFile(project, stack));
  if (plan.logical === undefined || applied.plan.logical === undefined) return;
  const declared = new Set(plan.logical.schemaFiles.map(({ path }) => path));
  const withdraws = applied.plan.logical.schemaFiles.some(({ path }) => !declared.has(path));
  const joins = plan.nodes.some(({ name }) => applied.plan.nodes.every((node) => node.name !== name));
  if (!withdraws && !joins) return;
  await using connections = new Connections();
  const { nodes } = await observe(plan, connections);
  const found = await Promise.all(
    nodes.map(async (node): Promise<ObservedNode> => {
      const { dataVolume } = plan.nodes.find(({ name }) => name === node.name)!;
      if (node.container !== "absent" || (await hasVolume(dataVolume))) return node;
      // What it will be once Pulumi has made it.
      return { ...node, container: "running", volumes: emptyVolumes };
    }),
  );
  const publisher = found.find(({ name }) => name === plan.primary)!;
  const subscribers = found.filter((node) => node !== publisher);
  const reasons = refuseLackingFiles(plan.logical, publisher, subscribers);
  if (reasons.length > 0) throw new UserError(reasons.join("\n"));
}
