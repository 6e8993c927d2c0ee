import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { UserError } from "../configs/userError.ts";
import { appliedState } from "../operations/appliedState.ts";
import { desiredState } from "../operations/desired.ts";
import { renderReport } from "../operations/report.ts";
import { verify as verifyCluster } from "../operations/verify/verify.ts";
import { type Prepared, prepare } from "../toolchain/prepare.ts";

export interface VerifyOptions {
  readonly stack: string;
  readonly json?: boolean;
}

/** An exported state holds every certificate and the report; well below this for any number of nodes that makes sense. */
const mostExportedBytes = 256 * 1024 * 1024;

/** The verification of `up` alone, against what was last applied. Changes nothing but the marker row. Exit code: 0 verified, 1 not. */
export async function verify({ stack, json }: VerifyOptions): Promise<number> {
  const prepared = await prepare({ pulumi: true, docker: "answers", stack });
  const applied = appliedState(await exportStack(prepared, stack));
  if (applied === undefined) {
    throw new UserError(`The stack ${stack} has not been brought up yet: run \`npm run up -- --stack ${stack}\`.`);
  }
  const report = await verifyCluster(desiredState(applied.plan, applied.material));
  process.stdout.write(`${json ? JSON.stringify(report, null, 2) : renderReport(report)}\n`);
  return report.ok ? 0 : 1;
}

async function exportStack({ pulumi, project, env }: Prepared, stack: string) {
  if (pulumi === undefined) throw new Error("exportStack needs prepare({ pulumi: true })");
  const args = ["stack", "export", "--show-secrets", "--stack", stack];
  const { stdout } = await promisify(execFile)(pulumi.cli, args, { cwd: project, env, maxBuffer: mostExportedBytes });
  return JSON.parse(stdout);
}
