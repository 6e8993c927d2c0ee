import { logicalPlanOf } from "../../../configs/logicalPlan.ts";
import type { ObservedNode } from "../../observed.ts";
import type { Step } from "../../step.ts";
import type { Situation } from "../rule.ts";

/** Before the publisher, so that no row of a new table or column is on its way to a subscriber that does not have it. */
export function applySchemaToSubscribers(situation: Situation): Step[] {
  return applySchema(situation, situation.others);
}

export function applySchemaToPublisher(situation: Situation): Step[] {
  return applySchema(situation, [situation.primary]);
}

function applySchema({ desired }: Situation, nodes: readonly ObservedNode[]): Step[] {
  return nodes.flatMap(({ name, server }): Step[] => {
    const { bookkeeping, schemaFiles } = server!.logical!;
    const declared = logicalPlanOf(desired.plan).schemaFiles.map(({ path }) => path);
    const paths = declared.filter((path) => schemaFiles.every((applied) => applied.path !== path));
    return bookkeeping && paths.length === 0 ? [] : [{ kind: "applySchemaFiles", node: name, paths }];
  });
}
