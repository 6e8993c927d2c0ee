import { spawn } from "node:child_process";
import { UserError } from "../configs/userError.ts";
import type { Prepared } from "../toolchain/prepare.ts";
import { inCharge } from "./signals.ts";

/** Runs the Pulumi CLI on the user's terminal, its output untouched; returns its exit code (130 when cancelled by Ctrl-C). */
export async function runPulumi(prepared: Prepared, args: readonly string[]): Promise<number> {
  const { pulumi, project, env } = prepared;
  if (pulumi === undefined) throw new Error("runPulumi needs prepare({ pulumi: true })");
  return inCharge(spawn(pulumi.cli, args, { cwd: project, env, stdio: "inherit" }));
}

/** After a failure of Pulumi: says what its own message leaves open. */
export async function explainFailure(prepared: Prepared, stack: string): Promise<void> {
  const { passphraseFits } = await import("../toolchain/state/encryptionSalt.ts");
  const { wrongPassphraseMessage } = await import("../toolchain/state/passphrase.ts");
  const { readStackConfig } = await import("../toolchain/state/stackConfig.ts");
  const config = readStackConfig(prepared.project, stack);
  if (config.encryptionSalt === undefined) return;
  if (!(await passphraseFits(prepared.passphrase, config.encryptionSalt))) {
    throw new UserError(wrongPassphraseMessage(stack, config.file, prepared.passphrase));
  }
}

/** Whether Pulumi can ask the user. */
export const isInteractive = (): boolean => process.stdin.isTTY === true && process.stdout.isTTY === true;
