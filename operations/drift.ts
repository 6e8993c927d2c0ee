import { UserError } from "../configs/userError.ts";
import type { Desired } from "./desired.ts";
import { observe } from "./observe.ts";
import { reconcile } from "./reconcile.ts";
import type { Step } from "./step.ts";

/**
 * What has come to differ from the plan since it was last applied, a line each; empty on a healthy cluster. Pulumi runs the hook again
 * only when its inputs change, so drift of the live cluster has to be looked for.
 */
export async function findDrift(desired: Desired): Promise<string[]> {
  try {
    return reconcile(desired, await observe(desired.plan)).flatMap((stage) => stage.map(describeStep));
  } catch (error) {
    if (error instanceof UserError) return [error.message];
    throw error;
  }
}

function describeStep(step: Step): string {
  switch (step.kind) {
    case "startContainer":
      return `${step.node}: its container is stopped`;
    case "writeFiles":
      return `${step.node}: its declared files were changed`;
    case "initialise":
      return `${step.node}: it has no data`;
    case "writeRuntime":
      return `${step.node}: its runtime settings were changed, or are not loaded`;
    case "startServer":
      return `${step.node}: its server does not run`;
    case "restartServer":
      return `${step.node}: parameters wait for a restart`;
    case "configureRoles":
      return `${step.node}: roles, passwords or the database differ`;
    case "createSlot":
      return `${step.node}: slot ${step.slot} is missing`;
    case "clone":
      return `${step.node}: has to be cloned from ${step.from}`;
    case "enableQuorum":
      return `${step.node}: the quorum is not switched on`;
  }
}
