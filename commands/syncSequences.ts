import { UserError } from "../configs/userError.ts";
import { renderSetSequences, syncSequences as syncSequencesOf } from "../operations/sequences.ts";
import { declaredPlan } from "./declaredPlan.ts";

export interface SyncSequencesOptions {
  readonly stack: string;
  readonly json?: boolean;
}

/** Sets the subscribers' sequences to the publisher's, never backwards, without Pulumi. Exit code: 0 done. */
export async function syncSequences({ stack, json }: SyncSequencesOptions): Promise<number> {
  const plan = await declaredPlan(stack);
  if (plan.logical === undefined) {
    throw new UserError(
      `The stack ${stack} is of mode ${plan.mode}: its standbys have the primary's sequences. Only mode logical needs this command.`,
    );
  }
  const set = await syncSequencesOf(plan);
  process.stdout.write(`${json ? JSON.stringify(set, null, 2) : renderSetSequences(set)}\n`);
  return 0;
}
