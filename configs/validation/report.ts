import type { Faults } from "./faults.ts";
import type { NodeParameters } from "./nodeParameters.ts";

/** Reports at the first of the parameters that the user has set. */
export type Report = (names: readonly string[], problem: string, allowed: string) => void;

export function reporter(node: NodeParameters, faults: Faults): Report {
  return (names, problem, allowed) => {
    const name = names.find((each) => node.isSet(each)) ?? (names[0] as string);
    faults.add({ path: node.pathOf(name), value: node.text(name), problem, allowed });
  };
}
