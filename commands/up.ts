import { prepare } from "../toolchain/prepare.ts";
import { explainFailure, isInteractive, runPulumi } from "./runPulumi.ts";

export interface UpOptions {
  readonly stack: string;
  readonly yes?: boolean;
  /** Further arguments, for Pulumi. */
  readonly rest: readonly string[];
}

/** Sets up what is missing and runs `pulumi up`; repairs a cluster that has drifted. On a terminal Pulumi shows its preview and asks, unless `--yes` is given. */
export async function up({ stack, yes, rest }: UpOptions): Promise<number> {
  const prepared = await prepare({ pulumi: true, docker: "install", baseImage: true, stack });
  const { recoverInterrupted } = await import("../toolchain/state/recover.ts");
  const recovered = await recoverInterrupted(prepared, stack);
  const { repairArguments } = await import("./repairArguments.ts");
  const repair = await repairArguments(prepared, stack);
  const confirmed = yes || !isInteractive() ? ["--yes", "--skip-preview"] : [];
  const code = await runPulumi(prepared, ["up", "--stack", stack, ...confirmed, ...recovered, ...repair, ...rest]);
  if (code === 0) process.stderr.write(whatNext(stack));
  else await explainFailure(prepared, stack);
  return code;
}

export function whatNext(stack: string): string {
  return [
    "",
    `State of the cluster:    npm run status -- --stack ${stack}`,
    "To call Pulumi directly, also for what is secret:",
    `  eval "$(npm run --silent env -- --stack ${stack})"`,
    `  pulumi stack output connectionString --show-secrets --stack ${stack}`,
    `  pulumi preview --diff --stack ${stack}`,
    "",
  ].join("\n");
}
