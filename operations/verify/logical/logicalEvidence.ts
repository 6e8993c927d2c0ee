import type { LogicalPlan, SubscriptionPlan } from "../../../configs/logicalPlan.ts";
import type { ObservedLogical, TableName } from "../../logical/observedLogical.ts";
import { type DesiredPublication, desiredPublications, publicationsOf } from "../../logical/publications.ts";
import type { ObservedServer } from "../../observed.ts";
import { type Evidence, type Finding, primaryOf } from "../check.ts";

export function logicalPlanOf({ desired }: Evidence): LogicalPlan {
  const { logical, mode } = desired.plan;
  if (logical === undefined) throw new Error(`a check of mode logical on a cluster of mode ${mode}`);
  return logical;
}

/** What logical replication has on the publisher; undefined where that could not be looked at, which other checks have found. */
export function publisherOf(evidence: Evidence): ObservedLogical | undefined {
  return primaryOf(evidence)?.server?.logical;
}

export interface ObservedSubscriber {
  readonly subscription: SubscriptionPlan;
  readonly server: ObservedServer;
  readonly logical: ObservedLogical;
}

/** Findings for each planned subscription whose subscriber could be looked at; the others have failed `server-running` or `roles`. */
export function eachSubscriber(
  evidence: Evidence,
  examine: (subscriber: ObservedSubscriber) => Finding | Finding[],
): Finding[] {
  return logicalPlanOf(evidence).subscriptions.flatMap((subscription) => {
    const server = evidence.observed.nodes.find(({ name }) => name === subscription.node)?.server;
    return server?.logical === undefined ? [] : examine({ subscription, server, logical: server.logical });
  });
}

/** The publications, as they are to be, that a subscription has: the verification's own among them. */
export function subscribedPublications(
  plan: LogicalPlan,
  publisher: ObservedLogical,
  subscription: SubscriptionPlan,
): DesiredPublication[] {
  const names = publicationsOf(subscription);
  return desiredPublications(plan, publisher).filter(({ name }) => names.includes(name));
}

/** A table as a reader wants it. */
export function shown({ schema, name }: TableName): string {
  return `${schema}.${name}`;
}

export function isTable(table: TableName): (other: TableName) => boolean {
  return ({ schema, name }) => schema === table.schema && name === table.name;
}
