import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { withValue } from "../configs/editStackConfig.ts";
import { stackConfigPath } from "../configs/rawConfig.ts";
import { UserError } from "../configs/userError.ts";
import { readStatus, renderStatus } from "../operations/status.ts";
import { projectDir } from "../toolchain/project.ts";
import { declaredPlan } from "./declaredPlan.ts";
import { up } from "./up.ts";

export interface SwitchoverOptions {
  readonly stack: string;
  /** The node that is to be the primary. */
  readonly to: string;
}

/**
 * Edits `primary` in the stack config and runs `up`, which does the switchover; shows the cluster before and after. Nothing is edited where
 * the switchover can't begin.
 */
export async function switchover({ stack, to }: SwitchoverOptions): Promise<number> {
  const plan = await declaredPlan(stack);
  const names = plan.nodes.map(({ name }) => name);
  if (plan.logical !== undefined) {
    throw new UserError(
      `Stack ${stack} has mode logical, where every node has data of its own: its publisher can't be exchanged.`,
    );
  }
  if (!names.includes(to)) {
    throw new UserError(`There is no node ${to} in stack ${stack}. Its nodes: ${names.join(", ")}.`);
  }
  const before = await readStatus(plan);
  process.stderr.write(`${renderStatus(before)}\n`);
  const target = before.nodes.find(({ node }) => node === to);
  if (target?.role === "standby" && target.state !== "streaming") {
    throw new UserError(`${to} is not streaming (${target.state}): no switchover to it. Nothing was changed.`);
  }
  await setPrimary(stack, to);
  const code = await up({ stack, yes: true, rest: [] });
  process.stderr.write(`${renderStatus(await readStatus(await declaredPlan(stack)))}\n`);
  return code;
}

/** In one rename: whoever reads the file meanwhile, or finds it after a crash, has the old text or the new one. */
async function setPrimary(stack: string, primary: string): Promise<void> {
  const path = stackConfigPath(stack);
  const file = join(projectDir, path);
  const text = await readFile(file, "utf8");
  const edited = withValue(stack, text, "primary", primary);
  if (edited === text) return;
  await writeFile(`${file}.new`, edited);
  await rename(`${file}.new`, file);
  process.stderr.write(`${path}: primary is ${primary} now\n`);
}
