import { logicalPlanOf, type SubscriptionPlan } from "../../../configs/logicalPlan.ts";
import type { PublishedTable } from "../../../configs/spec.ts";
import { isTable, type TableName } from "../../../configs/tableName.ts";
import { bridgeFor } from "../../logical/bridges.ts";
import { needsCopyAgain, tableDefinition } from "../../logical/copies.ts";
import type { ObservedSubscription } from "../../logical/observedLogical.ts";
import {
  broughtBy,
  contentOf,
  type DesiredPublication,
  declaredText,
  isOurs,
  publicationsOf,
  subscribedPublications,
} from "../../logical/publications.ts";
import type { Step } from "../../step.ts";
import type { Situation } from "../rule.ts";
import { logicalOf, type Subscriber, subscribers } from "./subscribers.ts";

/** For each subscriber that has to read bridges and for which they are not there yet. */
export function setBridges(situation: Situation): Step[] {
  const { primary } = situation;
  const { publications: found, publicationRecords } = logicalOf(primary);
  const missing = subscribers(situation)
    .flatMap((subscriber) => bridgesOf(situation, subscriber) ?? [])
    .filter((bridge) => {
      const record = publicationRecords[bridge.name];
      const catalogue = found.find(({ name }) => name === bridge.name)?.catalogue;
      return record?.declared !== declaredText(bridge) || record.catalogue !== catalogue;
    });
  const publications = [...new Map(missing.map((bridge) => [bridge.name, bridge])).values()];
  return publications.length === 0 ? [] : [{ kind: "setPublications", node: primary.name, publications }];
}

export function enterBridges(situation: Situation): Step[] {
  return subscribers(situation).flatMap((subscriber): Step[] => {
    const { node, subscription } = subscriber;
    const bridges = bridgesOf(situation, subscriber);
    if (bridges === undefined || subscription === undefined) return [];
    const publications = bridges.map(({ name }) => name).sort();
    const kept = bridges.flatMap(({ tables }) => tables.map(({ schema, name }) => ({ schema, name })));
    const isThere =
      JSON.stringify(subscription.publications) === JSON.stringify(publications) &&
      subscription.tables.every((table) => kept.some(isTable(table)));
    return isThere ? [] : [{ kind: "enterBridges", node: node.name, publications, kept }];
  });
}

/** By which publications a subscription goes on until the declared ones are set; none: nothing that it has is still wanted. */
export function goesOnBy(situation: Situation, subscriber: Subscriber): string[] {
  const { plan, subscription } = subscriber;
  if (plan === undefined || subscription === undefined) return [];
  const stillThere = subscription.publications.filter((name) => isOurs(logicalOf(situation.primary), name));
  const bridges = bridgesOf(situation, subscriber);
  // There is no way to a bridge from publications that are all gone.
  if (bridges !== undefined) return stillThere.length === 0 ? [] : bridges.map(({ name }) => name);
  return stillThere.filter((name) => publicationsOf(plan).includes(name));
}

/**
 * The bridges that a subscription is to read until the declared publications are set: with every table that is copied and misses
 * nothing. undefined: it needs none, because each of its tables comes already by the publication that is to bring it, as declared.
 */
function bridgesOf(situation: Situation, { plan, logical, subscription }: Subscriber) {
  if (plan === undefined || subscription === undefined) return undefined;
  const held = heldTables(situation, plan, subscription);
  const definitionOf = (table: TableName) => logical.copiedTables.find(isTable(table))?.definition;
  const needed = held.some(({ table, publication }) => {
    const wanted = tableDefinition(table, publication.operations);
    const reads = subscription.publications.includes(publication.name);
    const asDeclared = broughtBy(logicalOf(situation.primary), publication.name, table) === wanted;
    return !reads || !asDeclared || needsCopyAgain(definitionOf(table), wanted);
  });
  if (!needed) return undefined;
  const kept = held.filter(
    ({ table, state, publication }) =>
      state === "r" && !needsCopyAgain(definitionOf(table), tableDefinition(table, publication.operations)),
  );
  const publications = new Set(kept.map(({ publication }) => publication));
  return [...publications].map((publication) =>
    bridgeFor(
      publication,
      kept.filter((each) => each.publication === publication).map(({ table }) => table),
    ),
  );
}

interface HeldTable {
  readonly table: PublishedTable;
  /** That is to bring it. */
  readonly publication: DesiredPublication;
  readonly state: string;
}

/** Tables of a subscription that it is to go on with. */
function heldTables(
  { desired, primary }: Situation,
  plan: SubscriptionPlan,
  subscription: ObservedSubscription,
): HeldTable[] {
  const publisher = logicalOf(primary);
  return subscribedPublications(logicalPlanOf(desired.plan), publisher, plan).flatMap((publication) =>
    contentOf(publication, publisher).flatMap((table) => {
      const state = subscription.tables.find(isTable(table))?.state;
      return state === undefined ? [] : [{ table, publication, state }];
    }),
  );
}
