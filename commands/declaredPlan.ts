import { loadSpecFromFile } from "../configs/loadFile.ts";
import { type ClusterPlan, planCluster } from "../configs/plan.ts";
import { prepare } from "../toolchain/prepare.ts";

/** The plan that the config of a stack declares, whatever was applied; without Pulumi. */
export async function declaredPlan(stack: string): Promise<ClusterPlan> {
  const { project } = await prepare({ docker: "answers" });
  return planCluster(await loadSpecFromFile(project, stack));
}
