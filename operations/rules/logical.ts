import type { LogicalPlan, SubscriptionPlan } from "../../configs/logicalPlan.ts";
import { slotName } from "../../configs/slotName.ts";
import { subscriberRolePrefix } from "../../configs/subscriberRole.ts";
import { hasLoadedConfiguration } from "../desired.ts";
import { needsCopyAgain, stale } from "../logical/copies.ts";
import type { ObservedLogical, ObservedSubscription, TableName } from "../logical/observedLogical.ts";
import {
  type CopyOf,
  type DesiredPublication,
  declaredText,
  definitionsIn,
  desiredPublications,
  isOurs,
  publicationsOf,
  qualified,
  unchangedTables,
  withoutCopiedAnew,
} from "../logical/publications.ts";
import { plannedOptions } from "../logical/subscriptionOptions.ts";
import type { ObservedNode } from "../observed.ts";
import { missingFromDatabase } from "../roles.ts";
import type { Step } from "../step.ts";
import { hasRuntime, isDown, retireLeavers, slotOf, writeDeclaredFiles } from "./nodes.ts";
import type { Rule, Situation } from "./rule.ts";

/**
 * Mode logical: a publisher, and subscribers that each have data of their own.
 *
 * Two orders keep the stream whole. Something new is made from the subscriber's side to the publisher's (schema files) and published
 * before it is subscribed to; something that goes is unsubscribed before it is unpublished, and a node that leaves goes before
 * anything that it does not know. And a table whose rows must be copied again
 * leaves its subscription before it enters it anew: what is in `copied_tables` tells at every moment which rows are whose.
 */
export const logicalRules: readonly Rule[] = [
  startContainers,
  writeDeclaredFiles,
  initialise,
  serve,
  provideRoles,
  restartForDeclaredFiles,
  retireLeavers,
  applySchemaToSubscribers,
  applySchemaToPublisher,
  recordCopies,
  dropBrokenSubscriptions,
  leavePublications,
  setPublications,
  grantReading,
  dropOrphanedSlots,
  createSubscriptions,
  alterSubscriptions,
  refreshSubscriptions,
  dropPublications,
  awaitTables,
  dropSlotsOfCopies,
  dropRoles,
  dropOrphanedOrigins,
];

function startContainers({ primary, others }: Situation): Step[] {
  return [primary, ...others].filter(isDown).map(({ name }) => ({ kind: "startContainer", node: name }));
}

/** The publisher first: an empty one beside subscribers with data is one that lost its own, and is refused. */
function initialise({ primary, others }: Situation): Step[] {
  const empty = (nodes: readonly ObservedNode[]) => nodes.filter(({ volumes }) => volumes?.data === undefined);
  const next = empty([primary]).length > 0 ? [primary] : empty(others);
  return next.map(({ name }) => ({ kind: "initialise", node: name }));
}

function serve({ desired, primary, others }: Situation): Step[] {
  return [primary, ...others].flatMap((node): Step[] => {
    if (!hasRuntime(desired, node, "")) return [{ kind: "writeRuntime", node: node.name, synchronousStandbyNames: "" }];
    const held = node.volumes?.hold !== undefined;
    if (node.server === undefined || held) return [{ kind: "startServer", node: node.name }];
    return hasLoadedConfiguration(node) ? [] : [{ kind: "writeRuntime", node: node.name, synchronousStandbyNames: "" }];
  });
}

function provideRoles({ desired, primary, others }: Situation): Step[] {
  return [primary, ...others]
    .filter((node) => missingFromDatabase(desired, node.name, node.server!).length > 0)
    .map(({ name }) => ({ kind: "configureRoles", node: name }));
}

/** One at a time, subscribers first: the publisher's restart is what applications notice. */
function restartForDeclaredFiles({ primary, others }: Situation): Step[] {
  const next = [...others, primary].find(({ server }) => server!.pendingRestart.length > 0);
  return next === undefined ? [] : [{ kind: "restartServer", node: next.name, primary: next.name, awaitReplay: false }];
}

/** Before the publisher, so that no row of a new table or column is on its way to a subscriber that does not have it. */
function applySchemaToSubscribers(situation: Situation): Step[] {
  return applySchema(situation, situation.others);
}

function applySchemaToPublisher(situation: Situation): Step[] {
  return applySchema(situation, [situation.primary]);
}

function applySchema({ desired }: Situation, nodes: readonly ObservedNode[]): Step[] {
  return nodes.flatMap(({ name, server }): Step[] => {
    const { bookkeeping, schemaFiles } = server!.logical!;
    const declared = logicalPlan(desired).schemaFiles.map(({ path }) => path);
    const paths = declared.filter((path) => schemaFiles.every((applied) => applied.path !== path));
    return bookkeeping && paths.length === 0 ? [] : [{ kind: "applySchemaFiles", node: name, paths }];
  });
}

/** A subscription that is no longer wanted, and one that cannot go on: its slot is gone or has lost WAL, or no publication is left to it. */
function dropBrokenSubscriptions(situation: Situation): Step[] {
  return subscribers(situation).flatMap(({ node, plan, subscription }): Step[] => {
    if (subscription === undefined) return [];
    const slot = subscription.slot === null ? undefined : slotOf(situation.primary, subscription.slot);
    const unusable = slot === undefined || slot.walStatus === "lost";
    if (plan !== undefined && !unusable && stillRead(situation, plan, subscription).length > 0) return [];
    return [{ kind: "dropSubscription", node: node.name, subscription: subscription.name }];
  });
}

/**
 * Before anything is published: a publication that a subscription is to leave may get tables that reach it by another one as well, and
 * contradicting column lists end the stream with an error for ever. So does a publication that was dropped by hand, at the first change
 * after that, also when there is another of its name by now. Without it, the subscription goes on with its other tables; what it misses
 * is found out and copied again.
 */
function leavePublications(situation: Situation): Step[] {
  return subscribers(situation).flatMap(({ node, plan, subscription }): Step[] => {
    if (plan === undefined || subscription === undefined) return [];
    const publications = stillRead(situation, plan, subscription);
    return publications.length === subscription.publications.length
      ? []
      : [{ kind: "alterSubscription", node: node.name, publications }];
  });
}

/** Of the publications that a subscription has, those that it is to have, and that are the very ones that it subscribed to. */
function stillRead({ primary }: Situation, plan: SubscriptionPlan, { publications }: ObservedSubscription): string[] {
  const planned = publicationsOf(plan);
  return publications.filter((name) => planned.includes(name) && isOurs(logicalOf(primary), name));
}

/**
 * What was copied by a definition that has become narrower is right as it is. What was not published for a while, or by something else
 * than what was declared, may have missed changes. And whatever is in a subscription has begun to be copied: an earlier run may have
 * been cut off before it entered that, and once it has left the subscription nobody could tell.
 */
function recordCopies(situation: Situation): Step[] {
  const copiedFrom = situation.primary.server!.systemIdentifier;
  return subscribers(situation).flatMap(({ node, plan, logical, subscription }): Step[] => {
    if (subscription === undefined) return [];
    const wantedNow = plan === undefined ? new Map<string, WantedCopy>() : wantedCopies(situation, plan, subscription);
    const tables = subscription.tables.flatMap(({ schema, name }): CopyOf[] => {
      const entry = logical.copiedTables.find((table) => isSame(table, { schema, name }));
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
    wanted(situation, plan).flatMap((publication) => {
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

/** All at once: a table that goes from one to another is never in both, nor in none. */
function setPublications(situation: Situation): Step[] {
  const { desired, primary } = situation;
  const publisher = logicalOf(primary);
  const all = subscribers(situation);
  const publications = desiredPublications(logicalPlan(desired), publisher)
    .map((whole) => {
      const readers = all.filter(({ plan }) => plan !== undefined && publicationsOf(plan).includes(whole.name));
      const logicals = readers.map(({ logical }) => logical);
      return withoutCopiedAnew(whole, publisher, logicals);
    })
    .filter((publication) => {
      const record = publisher.publicationRecords[publication.name];
      const found = publisher.publications.find(({ name }) => name === publication.name);
      return record?.declared !== declaredText(publication) || record.catalogue !== found?.catalogue;
    });
  return publications.length === 0 ? [] : [{ kind: "setPublications", node: primary.name, publications }];
}

/** Each subscriber's role may read what is published to it, and nothing else. */
function grantReading(situation: Situation): Step[] {
  const { desired, primary } = situation;
  const publisher = logicalOf(primary);
  const readers = logicalPlan(desired)
    .subscriptions.filter((plan) => {
      const granted = publisher.privileges[plan.role] ?? [];
      return JSON.stringify(readableBy(publisher, plan)) !== JSON.stringify([...granted].sort());
    })
    .map((plan) => ({ role: plan.role, publications: publicationsOf(plan) }));
  return readers.length === 0 ? [] : [{ kind: "grantReading", node: primary.name, readers }];
}

/** Sorted. */
function readableBy(publisher: ObservedLogical, plan: SubscriptionPlan): string[] {
  const names = publicationsOf(plan);
  const tables = publisher.publications.filter(({ name }) => names.includes(name)).flatMap(({ tables }) => tables);
  return [...new Set(tables.flatMap(({ readable }) => readable))].sort();
}

/** Left over from a subscriber that lost its data, or from one that was cut off while it was made. */
function dropOrphanedSlots(situation: Situation): Step[] {
  const { primary } = situation;
  return subscribers(situation)
    .filter(({ subscription }) => subscription === undefined)
    .map(({ node }) => slotName(node.name))
    .filter((slot) => slotOf(primary, slot) !== undefined)
    .map((slot) => ({ kind: "dropLogicalSlot", node: primary.name, slot }));
}

function createSubscriptions(situation: Situation): Step[] {
  return subscribers(situation).flatMap(({ node, plan, subscription }): Step[] => {
    if (plan === undefined || subscription !== undefined) return [];
    const tables = entering(situation, plan, []);
    return [
      { kind: "createSubscription", node: node.name, copiedFrom: situation.primary.server!.systemIdentifier, tables },
    ];
  });
}

function alterSubscriptions(situation: Situation): Step[] {
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

function refreshSubscriptions(situation: Situation): Step[] {
  const publisher = logicalOf(situation.primary);
  return subscribers(situation).flatMap(({ node, plan, subscription }): Step[] => {
    if (plan === undefined || subscription === undefined) return [];
    const published = publishedNow(publisher, plan);
    const same =
      published.length === subscription.tables.length &&
      published.every((table) => subscription.tables.some((each) => isSame(each, table)));
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

/** Ours that are no longer declared. Nobody subscribes to them by now. */
function dropPublications({ desired, primary }: Situation): Step[] {
  const publisher = logicalOf(primary);
  const wantedNames = new Set(desiredPublications(logicalPlan(desired), publisher).map(({ name }) => name));
  return Object.keys(publisher.publicationRecords)
    .filter((name) => !wantedNames.has(name))
    .map((publication) => ({ kind: "dropPublication", node: primary.name, publication }));
}

function awaitTables(situation: Situation): Step[] {
  return subscribers(situation)
    .filter(({ plan, subscription }) => plan && subscription?.tables.some(({ state }) => state !== "r"))
    .map(({ node }) => ({ kind: "awaitTables", node: node.name }));
}

/**
 * Every table is ready by now, so the slots of workers that copied one are left over: from a subscriber that lost its data, or from a
 * subscription that was dropped meanwhile. See ReplicationSlotNameForTablesync in PostgreSQL's tablesync.c for their names.
 */
function dropSlotsOfCopies({ primary }: Situation): Step[] {
  return primary
    .server!.slots.filter(({ name, active }) => /^pg_\d+_sync_\d+_\d+$/.test(name) && !active)
    .map(({ name }) => ({ kind: "dropLogicalSlot", node: primary.name, slot: name }));
}

/** Of subscribers that are none any more. */
function dropRoles({ desired, primary }: Situation): Step[] {
  const wantedNames = new Set(logicalPlan(desired).subscriptions.map(({ role }) => role));
  return primary
    .server!.roles.map(({ name }) => name)
    .filter((name) => name.startsWith(subscriberRolePrefix) && !wantedNames.has(name))
    .map((role) => ({ kind: "dropRole", node: primary.name, role }));
}

function dropOrphanedOrigins({ primary, others }: Situation): Step[] {
  return [primary, ...others].flatMap(({ name, server }) =>
    server!.logical!.orphanedOrigins.map((origin) => ({ kind: "dropOrigin", node: name, origin }) as const),
  );
}

interface Subscriber {
  readonly node: ObservedNode;
  readonly logical: ObservedLogical;
  /** undefined: no publication names this node. */
  readonly plan: SubscriptionPlan | undefined;
  /** The one that is ours, by its name. */
  readonly subscription: ObservedSubscription | undefined;
}

function subscribers({ desired, others }: Situation): Subscriber[] {
  return others.map((node) => {
    const logical = logicalOf(node);
    const plan = logicalPlan(desired).subscriptions.find((each) => each.node === node.name);
    const subscription = logical.subscriptions.find(({ name }) => name === slotName(node.name));
    return { node, logical, plan, subscription };
  });
}

/** The publications of a subscription, with their whole content. */
function wanted({ desired, primary }: Situation, plan: SubscriptionPlan): DesiredPublication[] {
  const names = publicationsOf(plan);
  return desiredPublications(logicalPlan(desired), logicalOf(primary)).filter(({ name }) => names.includes(name));
}

/** Tables that are published to a subscription now and are not among those that it has, with the definitions they are to be copied by. */
function entering(situation: Situation, plan: SubscriptionPlan, present: readonly TableName[]): CopyOf[] {
  const publisher = logicalOf(situation.primary);
  const definitions = new Map(
    wanted(situation, plan).flatMap((publication) => [...definitionsIn(publication, publisher)]),
  );
  return publishedNow(publisher, plan)
    .filter((table) => !present.some((each) => isSame(each, table)))
    .flatMap((table) => definitions.get(qualified(table)) ?? []);
}

/** Each once. */
function publishedNow(publisher: ObservedLogical, plan: SubscriptionPlan): TableName[] {
  const names = publicationsOf(plan);
  const tables = publisher.publications.filter(({ name }) => names.includes(name)).flatMap(({ tables }) => tables);
  return [...new Map(tables.map((table) => [qualified(table), table])).values()];
}

function isSame(one: TableName, other: TableName): boolean {
  return one.schema === other.schema && one.name === other.name;
}

/** Set once the database is there, which `provideRoles` has seen to. */
function logicalOf({ name, server }: ObservedNode): ObservedLogical {
  if (server?.logical === undefined) throw new Error(`${name}: its database was not looked at`);
  return server.logical;
}

function logicalPlan({ plan }: Situation["desired"]): LogicalPlan {
  if (plan.logical === undefined) throw new Error("mode logical without a logical plan");
  return plan.logical;
}
