import { logicalPlanOf, type SubscriptionPlan } from "../../../configs/logicalPlan.ts";
import { isTable, qualified } from "../../../configs/tableName.ts";
import { needsCopyAgain, stale } from "../../logical/copies.ts";
import type { ObservedLogical, ObservedSubscription } from "../../logical/observedLogical.ts";
import { type CopyOf, definitionsIn, subscribedPublications, unchangedTables } from "../../logical/publications.ts";
import type { Step } from "../../step.ts";
import type { Situation } from "../rule.ts";
import { logicalOf, subscribers } from "./subscribers.ts";

/**
 * What was copied by a definition that has become narrower is right as it is. What was not published for a while, or by something else
 * than what was declared, may have missed changes. And whatever is in a subscription has begun to be copied: an earlier run may have
 * been cut off before it entered that, and once it has left the subscription nobody could tell.
 */
export function recordCopies(situation: Situation): Step[] {
  const copiedFrom = situation.primary.server!.systemIdentifier;
  return subscribers(situation).flatMap(({ node, plan, logical, subscription }): Step[] => {
    if (subscription === undefined) return [];
    const wantedNow = plan === undefined ? new Map<string, WantedCopy>() : wantedCopies(situation, plan, subscription);
    const tables = subscription.tables.flatMap(({ schema, name }): CopyOf[] => {
      const entry = logical.copiedTables.find(isTable({ schema, name }));
      const definition = definitionNow(entry?.definition ?? stale, wantedNow.get(qualified({ schema, name })));
      return entry?.begun && entry.definition === definition ? [] : [{ schema, name, definition }];
    });
    return tables.length === 0 ? [] : [{ kind: "recordCopies", node: node.name, copiedFrom, tables }];
  });
}

interface WantedCopy {
  readonly definition: string;
  /** It is published in the very way in which we set it. */
  readonly trusted: boolean;
}

function wantedCopies(situation: Situation, plan: SubscriptionPlan, subscription: ObservedSubscription) {
  const publisher = logicalOf(situation.primary);
  return new Map(
    subscribedPublications(logicalPlanOf(situation.desired.plan), publisher, plan).flatMap((publication) => {
      const trusted = tablesSetByUs(publisher, publication.name, subscription);
      return [...definitionsIn(publication, publisher)].map(([table, { definition }]): [string, WantedCopy] => [
        table,
        { definition, trusted: trusted.has(table) },
      ]);
    }),
  );
}

/** Of a table that nobody wants any more, what was entered stays. */
function definitionNow(entered: string, copy: WantedCopy | undefined): string {
  if (copy === undefined) return entered;
  if (!copy.trusted) return stale;
  return needsCopyAgain(entered, copy.definition) ? entered : copy.definition;
}

/** Tables that the publication has now in the very way in which we put them there, and that reach the subscription by it alone. */
function tablesSetByUs(
  { publications, publicationRecords }: ObservedLogical,
  name: string,
  subscription: ObservedSubscription,
): Set<string> {
  const publication = publications.find((each) => each.name === name);
  const recorded = publicationRecords[name];
  if (publication === undefined || recorded === undefined || !subscription.publications.includes(name))
    return new Set();
  const trusted = unchangedTables(recorded.catalogue, publication.catalogue);
  const others = publications.filter((each) => each !== publication && subscription.publications.includes(each.name));
  const elsewhere = new Set(others.flatMap(({ tables }) => tables.map(qualified)));
  return new Set(
    publication.tables
      .filter(trusted)
      .map(qualified)
      .filter((table) => !elsewhere.has(table)),
  );
}
