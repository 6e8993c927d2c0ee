import { readFile } from "node:fs/promises";
import type { Prepared } from "../toolchain/prepare.ts";
import { stackStateFile } from "../toolchain/state/stack.ts";
import { exportStack } from "./exportStack.ts";

/**
 * Looks whether the live cluster can be led to what is declared now, and throws a UserError where not (see refuseUnsafeEdit); then whether
 * it is still as it was last applied. Where it is not, says how it differs, and returns the arguments with which Pulumi repairs it: the
 * hook is run again, and containers that are gone are noticed.
 */
export async function repairArguments(prepared: Prepared, stack: string): Promise<string[]> {
  if (!(await mayHaveBeenApplied(prepared, stack))) return [];
  const { appliedState } = await import("../operations/appliedState.ts");
  const { desiredState } = await import("../operations/desired.ts");
  const { findDrift } = await import("../operations/drift.ts");
  const applied = appliedState(await exportStack(prepared, stack));
  if (applied === undefined) return [];
  const { refuseUnsafeEdit } = await import("./refuseUnsafeEdit.ts");
  await refuseUnsafeEdit(prepared.project, stack, applied);
  const drift = await findDrift(desiredState(applied.plan, applied.material, applied.imageId));
  if (drift === undefined) return [];
  const differences = drift.differences.map((line) => `  ${line}`).join("\n");
  process.stderr.write(`The cluster is not as it was last applied:\n${differences}\n`);
  return ["--replace", applied.urn, ...(drift.containersGone ? ["--refresh"] : [])];
}

/** Half a second is saved on the first `up`, where there is nothing to decrypt. Other backends than a local folder are always asked. */
async function mayHaveBeenApplied({ backend, project }: Prepared, stack: string): Promise<boolean> {
  if (backend.folder === undefined) return true;
  const file = stackStateFile(backend, project, stack);
  if (file === undefined) return false;
  return !file.endsWith(".json") || (await readFile(file, "utf8")).includes("::convergence");
}
