import type { LogicalPlan, SubscriptionPlan } from "../../../configs/logicalPlan.ts";
import { slotName } from "../../../configs/slotName.ts";
import {
  isSameTable,
  type ObservedLogical,
  type ObservedSubscription,
  type TableName,
} from "../../logical/observedLogical.ts";
import {
  type CopyOf,
  type DesiredPublication,
  definitionsIn,
  desiredPublications,
  publicationsOf,
  qualified,
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
    const plan = logicalPlan(desired).subscriptions.find((each) => each.node === node.name);
    const subscription = logical.subscriptions.find(({ name }) => name === slotName(node.name));
    return { node, logical, plan, subscription };
  });
}

/** The publications of a subscription, with their whole content. */
export function wanted({ desired, primary }: Situation, plan: SubscriptionPlan): DesiredPublication[] {
  const names = publicationsOf(plan);
  return desiredPublications(logicalPlan(desired), logicalOf(primary)).filter(({ name }) => names.includes(name));
}

/** Tables that are published to a subscription now and are not among those that it has, with the definitions they are to be copied by. */
export function entering(situation: Situation, plan: SubscriptionPlan, present: readonly TableName[]): CopyOf[] {
  const publisher = logicalOf(situation.primary);
  const definitions = new Map(
    wanted(situation, plan).flatMap((publication) => [...definitionsIn(publication, publisher)]),
  );
  return publishedNow(publisher, plan)
    .filter((table) => !present.some((each) => isSameTable(each, table)))
    .flatMap((table) => definitions.get(qualified(table)) ?? []);
}

/** Each once. */
export function publishedNow(publisher: ObservedLogical, plan: SubscriptionPlan): TableName[] {
  const names = publicationsOf(plan);
  const tables = publisher.publications.filter(({ name }) => names.includes(name)).flatMap(({ tables }) => tables);
  return [...new Map(tables.map((table) => [qualified(table), table])).values()];
}

/** Set once the database is there, which `provideRoles` has seen to. */
export function logicalOf({ name, server }: ObservedNode): ObservedLogical {
  if (server?.logical === undefined) throw new Error(`${name}: its database was not looked at`);
  return server.logical;
}

export function logicalPlan({ plan }: Situation["desired"]): LogicalPlan {
  if (plan.logical === undefined) throw new Error("mode logical without a logical plan");
  return plan.logical;
}
