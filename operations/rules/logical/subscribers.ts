import { logicalPlanOf, type SubscriptionPlan } from "../../../configs/logicalPlan.ts";
import { slotName } from "../../../configs/slotName.ts";
import { isTable, qualified, type TableName } from "../../../configs/tableName.ts";
import type { ObservedLogical, ObservedSubscription } from "../../logical/observedLogical.ts";
import {
  type CopyOf,
  definitionsIn,
  publicationsOf,
  publishedBy,
  subscribedPublications,
} from "../../logical/publications.ts";
import type { ObservedNode } from "../../observed.ts";
import type { Situation } from "../rule.ts";

export interface Subscriber {
  readonly node: ObservedNode;
  readonly logical: ObservedLogical;
  /** undefined: no publication names this node. */
  readonly plan: SubscriptionPlan | undefined;
  /** The one that is ours, by its name. */
  readonly subscription: ObservedSubscription | undefined;
}

export function subscribers({ desired, others }: Situation): Subscriber[] {
  return others.map((node) => {
    const logical = logicalOf(node);
    const plan = logicalPlanOf(desired.plan).subscriptions.find((each) => each.node === node.name);
    const subscription = logical.subscriptions.find(({ name }) => name === slotName(node.name));
    return { node, logical, plan, subscription };
  });
}

/** Tables that are published to a subscription now and are not among those that it has, with the definitions they are to be copied by. */
export function entering(situation: Situation, plan: SubscriptionPlan, present: readonly TableName[]): CopyOf[] {
  const publisher = logicalOf(situation.primary);
  const definitions = new Map(
    subscribedPublications(logicalPlanOf(situation.desired.plan), publisher, plan).flatMap((publication) => [
      ...definitionsIn(publication, publisher),
    ]),
  );
  return publishedNow(publisher, plan)
    .filter((table) => !present.some(isTable(table)))
    .flatMap((table) => definitions.get(qualified(table)) ?? []);
}

/** Each once. */
export function publishedNow(publisher: ObservedLogical, plan: SubscriptionPlan): TableName[] {
  const tables = publishedBy(publisher, publicationsOf(plan));
  return [...new Map(tables.map((table) => [qualified(table), table])).values()];
}

/** Set once the database is there, which `provideRoles` has seen to. */
export function logicalOf({ name, server }: ObservedNode): ObservedLogical {
  if (server?.logical === undefined) throw new Error(`${name}: its database was not looked at`);
  return server.logical;
}
