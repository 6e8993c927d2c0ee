import { UserError } from "../configs/userError.ts";
import { appliedState } from "../operations/appliedState.ts";
import { type Desired, desiredState } from "../operations/desired.ts";
import { prepare } from "../toolchain/prepare.ts";
import { exportStack } from "./exportStack.ts";

/** The cluster of a stack as it was last applied, with its secrets. Throws a UserError where it never was. */
export async function appliedCluster(stack: string): Promise<Desired> {
  const prepared = await prepare({ pulumi: true, docker: "answers", stack });
  const applied = appliedState(await exportStack(prepared, stack));
  if (applied === undefined) {
    throw new UserError(`The stack ${stack} has not been brought up yet: run \`npm run up -- --stack ${stack}\`.`);
  }
  return desiredState(applied.plan, applied.material, applied.imageId);
}
