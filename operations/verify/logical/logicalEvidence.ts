import { logicalPlanOf, type SubscriptionPlan } from "../../../configs/logicalPlan.ts";
import type { ObservedLogical } from "../../logical/observedLogical.ts";
import type { ObservedServer } from "../../observed.ts";
import { type Evidence, type Finding, primaryOf } from "../check.ts";

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
  return logicalPlanOf(evidence.desired.plan).subscriptions.flatMap((subscription) => {
    const server = evidence.observed.nodes.find(({ name }) => name === subscription.node)?.server;
    return server?.logical === undefined ? [] : examine({ subscription, server, logical: server.logical });
  });
}
