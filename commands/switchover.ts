import { UserError } from "../configs/userError.ts";
import { readStatus, renderStatus } from "../operations/status.ts";
import { declaredPlan } from "./declaredPlan.ts";
import { setPrimary } from "./setPrimary.ts";
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
