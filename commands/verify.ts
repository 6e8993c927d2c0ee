import { UserError } from "../configs/userError.ts";
import { appliedState } from "../operations/appliedState.ts";
import { Connections } from "../operations/connections.ts";
import { desiredState } from "../operations/desired.ts";
import { renderReport } from "../operations/report.ts";
import { verify as verifyCluster } from "../operations/verify/verify.ts";
import { prepare } from "../toolchain/prepare.ts";
import { exportStack } from "./exportStack.ts";

export interface VerifyOptions {
  readonly stack: string;
  readonly json?: boolean;
}

/** The verification of `up` alone, against what was last applied. Changes nothing but the marker row. Exit code: 0 verified, 1 not. */
export async function verify({ stack, json }: VerifyOptions): Promise<number> {
  const prepared = await prepare({ pulumi: true, docker: "answers", stack });
  const applied = appliedState(await exportStack(prepared, stack));
  if (applied === undefined) {
    throw new UserError(`The stack ${stack} has not been brought up yet: run \`npm run up -- --stack ${stack}\`.`);
  }
  await using connections = new Connections();
  const report = await verifyCluster(desiredState(applied.plan, applied.material, applied.imageId), connections);
  process.stdout.write(`${json ? JSON.stringify(report, null, 2) : renderReport(report)}\n`);
  return report.ok ? 0 : 1;
}
