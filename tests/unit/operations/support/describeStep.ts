import type { Stage, Step } from "../../../../operations/step.ts";

/** A stage as a line: its steps run at the same time. */
export function describeStage(stage: Stage): string {
  return stage.map(describeStep).join(", ");
}

function describeStep(step: Step): string {
  switch (step.kind) {
    case "createSlot":
      return `createSlot ${step.slot} on ${step.node}`;
    case "clone":
      return `clone ${step.node} from ${step.from}`;
    case "writeRuntime":
      return step.synchronousStandbyNames === ""
        ? `writeRuntime ${step.node} without quorum`
        : `writeRuntime ${step.node}`;
    default:
      return `${step.kind} ${step.node}`;
  }
}
