import { UserError } from "../../../../configs/userError.ts";
import type { Desired } from "../../../../operations/desired.ts";
import type { ObservedCluster } from "../../../../operations/observed.ts";
import { plotCourse } from "../../../../operations/reconcile.ts";
import type { Stage, Step } from "../../../../operations/step.ts";
import { StepFailed } from "./stepFailed.ts";

/** What stands in place of Docker. */
export interface Machine {
  readonly look: () => ObservedCluster;
  /** Carries a step out; each `yield` is a moment at which it can be cut off, and says what has just been done. */
  readonly perform: (step: Step, desired: Desired) => Generator<string, void>;
  /** What the servers do by themselves between two moments. */
  readonly settle: () => void;
}

/** How a run of `up` ended, with the stages that it planned, round by round. */
export interface Outcome {
  readonly end: "done" | "refused" | "failed" | "cut off" | "never done";
  readonly reason: string;
  readonly rounds: readonly (readonly Stage[])[];
  /** Stages that were left to do where nothing was expected to be. */
  readonly unexpected: readonly (readonly Stage[])[];
  /** Moments at which it could have been cut off. */
  readonly moments: number;
}

export interface UpOptions {
  /** Cut off at this moment. */
  readonly cutAt?: number | undefined;
  /** Which of so many unfinished steps of a stage goes on next. The default runs them one after the other. */
  readonly next?: ((unfinished: number) => number) | undefined;
  /** Called after every moment, with the step that went on and what it has just done. */
  readonly watch?: ((step: Step, done: string) => void) | undefined;
}

/** For `UpOptions.next`: by these numbers, over and over. */
export function takeTurns(turns: readonly number[]): NonNullable<UpOptions["next"]> {
  let turn = 0;
  return (unfinished) => turns[turn++ % turns.length]! % unfinished;
}

const mostRounds = 12;

/** Looks, plans and does as operations/converge.ts. */
export function runUp(machine: Machine, desired: Desired, options: UpOptions = {}): Outcome {
  const rounds: (readonly Stage[])[] = [];
  const unexpected: (readonly Stage[])[] = [];
  let moments = 0;
  const outcome = (end: Outcome["end"], reason = ""): Outcome => ({ end, reason, rounds, unexpected, moments });
  const moment: Moment = (step, done) => {
    machine.settle();
    options.watch?.(step, done);
    if (moments++ === options.cutAt) throw new CutOff();
  };
  try {
    machine.settle();
    for (let settled = false; ; ) {
      const { desired: present, stages, expected } = plotCourse(desired, machine.look());
      if (stages.length === 0) return outcome("done");
      if (settled) unexpected.push(stages);
      settled = expected !== undefined;
      if (rounds.length === mostRounds) return outcome("never done", JSON.stringify(stages));
      rounds.push(stages);
      for (const stage of stages) run(machine, present, stage, moment, options.next ?? (() => 0));
    }
  } catch (error) {
    if (error instanceof UserError) return outcome("refused", error.message);
    if (error instanceof StepFailed) return outcome("failed", error.message);
    if (error instanceof CutOff) return outcome("cut off");
    throw error;
  }
}

class CutOff extends Error {}

type Moment = (step: Step, done: string) => void;

/** As operations/steps/execute.ts: all steps of a stage come to an end before the first failure counts. */
function run(
  machine: Machine,
  desired: Desired,
  stage: Stage,
  moment: Moment,
  next: (unfinished: number) => number,
): void {
  const failures: StepFailed[] = [];
  const unfinished = stage.map((step) => ({ step, acts: machine.perform(step, desired) }));
  while (unfinished.length > 0) {
    const index = next(unfinished.length);
    const { step, acts } = unfinished[index]!;
    try {
      const { done, value } = acts.next();
      if (done) unfinished.splice(index, 1);
      moment(step, value ?? "done");
    } catch (error) {
      if (!(error instanceof StepFailed)) throw error;
      unfinished.splice(index, 1);
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new StepFailed(failures.map(({ message }) => message).join("\n"));
}

/** `up`, with a world of this kind in place of Docker. */
export function upOf<World>(kind: {
  readonly look: (world: World, names: readonly string[]) => ObservedCluster;
  readonly perform: (world: World, desired: Desired, step: Step) => Generator<string, void>;
  readonly settle: (world: World) => void;
}) {
  return (world: World, desired: Desired, options?: UpOptions): Outcome => {
    const names = desired.plan.nodes.map(({ name }) => name);
    const machine = {
      look: () => kind.look(world, names),
      perform: (step: Step, present: Desired) => kind.perform(world, present, step),
      settle: () => kind.settle(world),
    };
    return runUp(machine, desired, options);
  };
}
