import { loadSpecFromFile } from "../configs/loadFile.ts";
import { planCluster } from "../configs/plan.ts";
import { readStatus, renderStatus } from "../operations/status.ts";
import { prepare } from "../toolchain/prepare.ts";

export interface StatusOptions {
  readonly stack: string;
  readonly json?: boolean;
}

const exitCodes = { healthy: 0, degraded: 1, down: 2 };

/** Looks at the cluster of a stack, without Pulumi and without changing anything. Exit code: 0 healthy, 1 degraded, 2 down. */
export async function status({ stack, json }: StatusOptions): Promise<number> {
  const { project } = await prepare({ docker: "answers" });
  const found = await readStatus(planCluster(await loadSpecFromFile(project, stack)));
  process.stdout.write(`${json ? JSON.stringify(found, null, 2) : renderStatus(found)}\n`);
  return exitCodes[found.health];
}
