import { readStatus, renderStatus } from "../operations/status.ts";
import { declaredPlan } from "./declaredPlan.ts";

export interface StatusOptions {
  readonly stack: string;
  readonly json?: boolean;
}

const exitCodes = { healthy: 0, degraded: 1, down: 2 };

/** Looks at the cluster of a stack, without Pulumi and without changing anything. Exit code: 0 healthy, 1 degraded, 2 down. */
export async function status({ stack, json }: StatusOptions): Promise<number> {
  const found = await readStatus(await declaredPlan(stack));
  process.stdout.write(`${json ? JSON.stringify(found, null, 2) : renderStatus(found)}\n`);
  return exitCodes[found.health];
}
