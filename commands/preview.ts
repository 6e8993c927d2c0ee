import { prepare } from "../toolchain/prepare.ts";
import { explainFailure, runPulumi } from "./runPulumi.ts";

/** `pulumi preview --diff`: what an `up` would change, line by line, and how the cluster has drifted. */
export async function preview({ stack, rest }: { stack: string; rest: readonly string[] }): Promise<number> {
  const prepared = await prepare({ pulumi: true, docker: "install", stack });
  const { repairArguments } = await import("./repairArguments.ts");
  const repair = await repairArguments(prepared, stack);
  const code = await runPulumi(prepared, ["preview", "--diff", "--stack", stack, ...repair, ...rest]);
  if (code !== 0) await explainFailure(prepared, stack);
  return code;
}
