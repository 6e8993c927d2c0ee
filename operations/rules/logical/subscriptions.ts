import { isTable } from "../../../configs/tableName.ts";
import { isBridge } from "../../logical/bridges.ts";
import { isOurs, publicationsOf } from "../../logical/publications.ts";
import { plannedOptions } from "../../logical/subscriptionOptions.ts";
import type { Step } from "../../step.ts";
import { slotOf } from "../nodes.ts";
import type { Situation } from "../rule.ts";
import { goesOnBy } from "./bridges.ts";
import { entering, logicalOf, publishedNow, subscribers } from "./subscribers.ts";

/** A subscription that is no longer wanted, and one that cannot go on: its slot is gone or has lost WAL, or no publication or table is left to it. */
export function dropBrokenSubscriptions(situation: Situation): Step[] {
  return subscribers(situation).flatMap((subscriber): Step[] => {
    const { node, subscription } = subscriber;
    if (subscription === undefined) return [];
    const slot = subscription.slot === null ? undefined : slotOf(situation.primary, subscription.slot);
    const unusable = slot === undefined || slot.walStatus === "lost";
    if (!unusable && goesOnBy(situation, subscriber).length > 0) return [];
    return [{ kind: "dropSubscription", node: node.name, subscription: subscription.name }];
  });
}

/**
 * Before anything is published: a publication that a subscription is to leave may get tables that reach it by another one as well, and
 * contradicting column lists end the stream with an error for ever. So does a publication that was dropped by hand, at the first change
 * after that, also when there is another of its name by now. Without it, the subscription goes on with its other tables; what it misses
 * is found out and copied again. One that is to enter bridges leaves the others by that.
 */
export function leavePublications(situation: Situation): Step[] {
  const publisher = logicalOf(situation.primary);
  return subscribers(situation).flatMap((subscriber): Step[] => {
    const { node, plan, subscription } = subscriber;
    if (plan === undefined || subscription === undefined) return [];
    const stay = goesOnBy(situation, subscriber);
    const entersBridges = stay.some(isBridge);
    const publications = subscription.publications.filter(
      (name) => isOurs(publisher, name) && (entersBridges || stay.includes(name)),
    );
    return publications.length === subscription.publications.length
      ? []
      : [{ kind: "alterSubscription", node: node.name, publications }];
  });
}

export function createSubscriptions(situation: Situation): Step[] {
  return subscribers(situation).flatMap(({ node, plan, subscription }): Step[] => {
    if (plan === undefined || subscription !== undefined) return [];
    const tables = entering(situation, plan, []);
    return [
      { kind: "createSubscription", node: node.name, copiedFrom: situation.primary.server!.systemIdentifier, tables },
    ];
  });
}

export function alterSubscriptions(situation: Situation): Step[] {
  return subscribers(situation).flatMap(({ node, plan, subscription }): Step[] => {
    if (plan === undefined || subscription === undefined) return [];
    const asPlanned =
      subscription.enabled &&
      subscription.conninfo === plan.conninfo &&
      subscription.options === plannedOptions &&
      JSON.stringify(subscription.publications) === JSON.stringify(publicationsOf(plan));
    return asPlanned ? [] : [{ kind: "alterSubscription", node: node.name, publications: publicationsOf(plan) }];
  });
}

export function refreshSubscriptions(situation: Situation): Step[] {
  const publisher = logicalOf(situation.primary);
  return subscribers(situation).flatMap(({ node, plan, subscription }): Step[] => {
    if (plan === undefined || subscription === undefined) return [];
    const published = publishedNow(publisher, plan);
    const same =
      published.length === subscription.tables.length &&
      published.every((table) => subscription.tables.some(isTable(table)));
    if (same) return [];
    const tables = entering(situation, plan, subscription.tables);
    return [
      {
        kind: "refreshSubscription",
        node: node.name,
        copiedFrom: situation.primary.server!.systemIdentifier,
        published,
        tables,
      },
    ];
  });
}

export function awaitTables(situation: Situation): Step[] {
  return subscribers(situation)
    .filter(({ plan, subscription }) => plan && subscription?.tables.some(({ state }) => state !== "r"))
    .map(({ node }) => ({ kind: "awaitTables", node: node.name }));
}
