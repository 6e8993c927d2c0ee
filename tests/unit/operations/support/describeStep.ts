import type { Stage, Step } from "../../../../operations/step.ts";

/** A stage as a line: its steps run at the same time. */
export function describeStage(stage: Stage, primary: string): string {
  return stage.map((step) => describeStep(step, primary)).join(", ");
}

function describeStep(step: Step, primary: string): string {
  switch (step.kind) {
    case "createSlot":
      return `createSlot ${step.slot} on ${step.node}`;
    case "clone":
      return `clone ${step.node} from ${step.from}`;
    case "writeRuntime":
      return step.node === primary && step.synchronousStandbyNames === ""
        ? `writeRuntime ${step.node} without quorum`
        : `writeRuntime ${step.node}`;
    default:
      return `${step.kind} ${step.node}`;
  }
}
