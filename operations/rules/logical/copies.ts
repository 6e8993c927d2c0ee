import { logicalPlanOf } from "../../../configs/logicalPlan.ts";
import { isTable, qualified, type TableName } from "../../../configs/tableName.ts";
import { needsCopyAgain, stale } from "../../logical/copies.ts";
import type { ObservedLogical, ObservedSubscription } from "../../logical/observedLogical.ts";
import { broughtBy, type CopyOf, definitionsIn, subscribedPublications } from "../../logical/publications.ts";
import type { Step } from "../../step.ts";
import type { Situation } from "../rule.ts";
import { logicalOf, type Subscriber, subscribers } from "./subscribers.ts";

/**
 * What was copied by a definition that has become narrower is right as it is. What was not published for a while, or by something else
 * than what was declared, may have missed changes. And whatever is in a subscription has begun to be copied: an earlier run may have
 * been cut off before it entered that, and once it has left the subscription nobody could tell.
 */
export function recordCopies(situation: Situation): Step[] {
  const copiedFrom = situation.primary.server!.systemIdentifier;
  return subscribers(situation).flatMap((subscriber): Step[] => {
    const { node, logical, subscription } = subscriber;
    if (subscription === undefined) return [];
    const wanted = wantedDefinitions(situation, subscriber);
    const tables = subscription.tables.flatMap(({ schema, name }): CopyOf[] => {
      const table = { schema, name };
      const entry = logical.copiedTables.find(isTable(table));
      const entered = entry?.definition ?? stale;
      const definition = definitionNow(situation, subscription, table, entered, wanted.get(qualified(table)));
      return entry?.begun && entered === definition ? [] : [{ ...table, definition }];
    });
    return tables.length === 0 ? [] : [{ kind: "recordCopies", node: node.name, copiedFrom, tables }];
  });
}

function wantedDefinitions({ desired, primary }: Situation, { plan }: Subscriber): Map<string, string> {
  if (plan === undefined) return new Map();
  const publisher = logicalOf(primary);
  return new Map(
    subscribedPublications(logicalPlanOf(desired.plan), publisher, plan).flatMap((publication) =>
      [...definitionsIn(publication, publisher)].map(([table, { definition }]): [string, string] => [
        table,
        definition,
      ]),
    ),
  );
}

/** Of a table that nobody wants any more, what was entered stays. */
function definitionNow(
  { primary }: Situation,
  subscription: ObservedSubscription,
  table: TableName,
  entered: string,
  wanted: string | undefined,
): string {
  if (wanted === undefined || entered === stale) return entered;
  if (!comesAs(entered, logicalOf(primary), subscription, table)) return stale;
  return needsCopyAgain(entered, wanted) ? entered : wanted;
}

/** Does all that brings the table to the subscription now bring what this definition asks for, in the very way in which we set it? */
function comesAs(
  definition: string,
  publisher: ObservedLogical,
  subscription: ObservedSubscription,
  table: TableName,
): boolean {
  const bringing = publisher.publications.filter(
    ({ name, tables }) => subscription.publications.includes(name) && tables.some(isTable(table)),
  );
  return (
    bringing.length > 0 && bringing.every(({ name }) => !needsCopyAgain(broughtBy(publisher, name, table), definition))
  );
}
