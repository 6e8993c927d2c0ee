import { operations as allOperations, type PublishedTable } from "../../../../../configs/spec.ts";
import type { Desired } from "../../../../../operations/desired.ts";
import { plannedOptions } from "../../../../../operations/logical/subscriptionOptions.ts";
import type { Step } from "../../../../../operations/step.ts";
import { declaredIn } from "../declaredIn.ts";
import { catalogueOf, grantedFor } from "./look.ts";
import { follow } from "./workers.ts";
import {
  copyWorld,
  type LogicalData,
  type LogicalWorld,
  publishedBy,
  publisherAt,
  publisherOf,
  type Rows,
  type Subscription,
  schemaOf,
} from "./world.ts";

/** Publications of ours that every subscription has beside the declared ones. */
const probe = "postgres_cluster";

/** A declared table of a node: its publication, and how that is to publish it. */
interface Declared extends Pick<PublishedTable, "columns" | "where"> {
  readonly publication: string;
  readonly operations: readonly string[];
}

/** What a node is to have, by table, for the tables that the publisher has. */
function declaredFor({ plan }: Desired, world: LogicalWorld, node: string): Record<string, Declared> {
  const declared: Record<string, Declared> = {};
  const tables = Object.keys(publisherOf(world).tables);
  for (const { name: publication, operations, content, subscribers } of plan.logical!.publications) {
    if (!subscribers.includes(node)) continue;
    for (const table of tables.filter((each) => schemaOf(each) !== "postgres_cluster")) {
      const found = declaredIn(content, table);
      if (found !== undefined) declared[table] = { publication, operations, ...found };
    }
  }
  if (plan.logical!.subscriptions.some((each) => each.node === node)) {
    for (const name of ["marker", "parity_point"])
      declared[`postgres_cluster.${name}`] = { publication: probe, operations: allOperations };
  }
  return declared;
}

/** Why the rows of a table are not those of its declaration at this moment; undefined when they are. */
function wrongRows({ copy }: Rows, { columns, where, operations }: Declared, upTo: number): string | undefined {
  if (copy === undefined) return "not copied";
  const sameColumns = JSON.stringify(copy.columns) === JSON.stringify(columns ? [...columns].sort() : null);
  if (!sameColumns || copy.where !== (where === undefined ? null : `(${where})`)) return "of another definition";
  if (copy.wrong) return "changes were missed, or came by another definition";
  if (copy.upTo !== upTo) return `no change since ${copy.upTo}, the publisher is at ${upTo}`;
  const lacking = copy.lacking.filter((operation) => operations.includes(operation));
  return lacking.length > 0 ? `${lacking.join(", ")} were not passed on` : undefined;
}

/** What is not yet as the plan wants it, found out without the planner's own functions. */
export function differencesFromPlan(desired: Desired, found: LogicalWorld): string[] {
  const world = copyWorld(found);
  const publisher = publisherOf(world);
  const { subscriptions, publications } = desired.plan.logical!;
  const slots = subscriptions.map(({ slot }) => slot).sort();
  const roles = subscriptions.map(({ role }) => role).sort();
  // One that our books don't speak of is somebody else's.
  const ours = Object.keys(publisher.publications).filter((name) => publisher.books?.publications[name]);
  const wrong: [boolean, string][] = [
    [!same(Object.keys(publisher.slots).sort(), slots), `slots ${Object.keys(publisher.slots)}`],
    [!same(subscriberRoles(publisher), roles), `roles ${subscriberRoles(publisher)}`],
    [!same(ours.sort(), [...publications.map(({ name }) => name), probe].sort()), `publications ${ours}`],
  ];
  const differences = wrong.flatMap(([isWrong, what]) => (isWrong ? [what] : []));
  for (const { name } of desired.plan.nodes) {
    if (name !== desired.plan.primary) differences.push(...differencesOf(desired, world, name));
    const { data } = world.nodes[name]!;
    const files = desired.plan.logical!.schemaFiles.filter(({ path }) =>
      data?.books?.schemaFiles.every((file) => file.path !== path),
    );
    if (files.length > 0) differences.push(`${name}: schema files ${files.map(({ path }) => path)}`);
    if (data!.orphanedOrigins.length > 0) differences.push(`${name}: origins ${data!.orphanedOrigins}`);
  }
  return differences;
}

function differencesOf(desired: Desired, world: LogicalWorld, name: string): string[] {
  const plan = desired.plan.logical!.subscriptions.find(({ node }) => node === name);
  const data = world.nodes[name]!.data!;
  const found = Object.keys(data.subscriptions);
  if (!same(found, plan === undefined ? [] : [plan.name])) return [`${name}: subscriptions ${found}`];
  if (plan === undefined) return [];
  const subscription = data.subscriptions[plan.name]!;
  const declared = declaredFor(desired, world, name);
  const publisher = publisherOf(world);
  follow(world, data, subscription);
  const wrong: [boolean, string][] = [
    [!subscription.enabled, `disabled: ${subscription.failure}`],
    [subscription.slot !== plan.slot, "slot"],
    [subscription.conninfo !== plan.conninfo, "conninfo"],
    [subscription.options !== plannedOptions, "options"],
    [!same([...subscription.publications].sort(), [...plan.publications, probe].sort()), "publications"],
    [!same(Object.keys(subscription.tables).sort(), Object.keys(declared).sort()), "tables"],
    [Object.values(subscription.tables).some((state) => state !== "r"), "not ready"],
    [!same(publisher.privileges[plan.role] ?? [], grantedFor(publisher, subscription.publications)), "privileges"],
  ];
  const rows = Object.entries(declared).flatMap(([table, each]) => {
    const reason = wrongRows(data.tables[table]!, each, world.position);
    return reason === undefined ? [] : [`${name}: rows of ${table}: ${reason}`];
  });
  return [...wrong.flatMap(([isWrong, what]) => (isWrong ? [`${name}: ${what}`] : [])), ...rows];
}

function subscriberRoles({ roles }: LogicalData): string[] {
  return Object.keys(roles)
    .filter((name) => name.startsWith("subscriber_"))
    .sort();
}

function same(one: readonly unknown[], other: readonly unknown[]): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Notes what the steps of a run break; `watch` is to be called after every moment of it. */
export function promiseWatch(desired: Desired, world: LogicalWorld) {
  const broken: string[] = [];
  const unchanged = unchangedTables(desired, world);
  const doomed = doomedSubscribers(world);
  let last = copyWorld(world);
  const watch = (step: Step, done: string) => {
    const found = [
      ...lostRows(last, world),
      ...copiedAgain(unchanged, last, world),
      ...endedStreams(doomed, last, world),
      ...slotsInTrouble(last, world),
    ];
    broken.push(...found.map((promise) => `${step.kind} ${step.node}, ${done}: ${promise}`));
    last = copyWorld(world);
  };
  return { broken, watch };
}

function lostRows(before: LogicalWorld, after: LogicalWorld): string[] {
  return eachTable(before).flatMap(([node, table, rows]) => {
    const now = after.nodes[node]?.data?.tables[table];
    return !rows.everSubscribed && rows.own > (now?.own ?? 0) ? [`${node}: rows of ${table} that are the user's`] : [];
  });
}

function copiedAgain(unchanged: ReadonlySet<string>, before: LogicalWorld, after: LogicalWorld): string[] {
  return eachTable(before).flatMap(([node, table, rows]) => {
    const now = after.nodes[node]?.data?.tables[table]?.copy;
    const anew = rows.copy !== undefined && now === undefined;
    return anew && unchanged.has(`${node} ${table}`) ? [`${node}: ${table} did not change, and is copied again`] : [];
  });
}

function endedStreams(doomed: ReadonlySet<string>, before: LogicalWorld, after: LogicalWorld): string[] {
  return Object.values(after.nodes).flatMap(({ name, data }) => {
    if (doomed.has(name)) return [];
    return Object.entries(data?.subscriptions ?? {}).flatMap(([subscription, { failure }]) => {
      const was = before.nodes[name]?.data?.subscriptions[subscription]?.failure;
      return failure !== undefined && failure !== was ? [`${name}: its stream ended ${failure}`] : [];
    });
  });
}

function slotsInTrouble(before: LogicalWorld, after: LogicalWorld): string[] {
  const used = Object.values(after.nodes).flatMap(({ running, data }) =>
    Object.values(data?.subscriptions ?? {}).flatMap(({ slot, enabled }) =>
      slot !== null && enabled && running ? [slot] : [],
    ),
  );
  const shared = used.filter((slot, index) => used.indexOf(slot) !== index);
  const has = ({ nodes, publisher }: LogicalWorld, slot: string) => nodes[publisher]!.data?.slots[slot] !== undefined;
  const dropped = used.filter((slot) => has(before, slot) && !has(after, slot));
  return [
    ...shared.map((slot) => `two subscriptions share slot ${slot}`),
    ...dropped.map((slot) => `slot ${slot} was dropped, and a subscription uses it`),
  ];
}

function eachTable({ nodes }: LogicalWorld): [node: string, table: string, rows: Rows][] {
  return Object.values(nodes).flatMap(({ name, data }) =>
    Object.entries(data?.tables ?? {}).map(([table, rows]): [string, string, Rows] => [name, table, rows]),
  );
}

/** Subscribers whose stream ends, at the latest with the next change, whatever is done now, unless its subscription is changed. */
function doomedSubscribers(found: LogicalWorld): Set<string> {
  const world = copyWorld(found);
  const doomed = Object.values(world.nodes).filter(({ data }) =>
    Object.values(data?.subscriptions ?? {}).some((subscription) => {
      subscription.enabled = true;
      follow(world, data!, subscription);
      const missing = subscription.publications.some((name) => publisherOf(world).publications[name] === undefined);
      return missing || !subscription.enabled;
    }),
  );
  return new Set(doomed.map(({ name }) => name));
}

/**
 * `node table` of every subscribed table whose rows are as declared and miss nothing, or will once the stream is read to its end by a
 * subscription that names no publication that was missing meanwhile; that our books still speak of, and that no publication brings
 * which somebody has altered by hand. Whatever happens to other tables, to other subscribers, or to the publication that brings it.
 */
function unchangedTables(desired: Desired, found: LogicalWorld): Set<string> {
  if (found.nodes[found.publisher]!.data === undefined) return new Set();
  const world = copyWorld(found);
  const all = Object.values(world.nodes).flatMap(({ name, data }) => {
    const plan = desired.plan.logical!.subscriptions.find(({ node }) => node === name);
    const subscription = data?.subscriptions[plan?.name ?? ""];
    if (data === undefined || subscription === undefined) return [];
    const named = [...subscription.publications];
    if (!readToItsEnd(world, data, subscription)) return [];
    return Object.entries(declaredFor(desired, world, name)).flatMap(([table, declared]) =>
      isUnchanged(world, data, { ...subscription, publications: named }, table, declared) ? [`${name} ${table}`] : [],
    );
  });
  return new Set(all);
}

function readToItsEnd(world: LogicalWorld, data: LogicalData, subscription: Subscription): boolean {
  const slot = publisherOf(world).slots[subscription.slot ?? ""];
  if (slot === undefined || slot.lost) return false;
  subscription.enabled = true;
  subscription.publications = subscription.publications.filter((each) => alwaysThere(world, subscription, each));
  follow(world, data, subscription);
  return subscription.enabled;
}

function isUnchanged(
  world: LogicalWorld,
  data: LogicalData,
  subscription: Subscription,
  table: string,
  declared: Declared,
): boolean {
  const publisher = publisherOf(world);
  if (subscription.tables[table] !== "r" || !data.books?.copiedTables[table]) return false;
  // By what a subscription names nobody can tell what has come through it meanwhile: perhaps nothing was changed in that time.
  if (!bringsAsWeSetIt(publisher, subscription, table)) return false;
  return wrongRows(data.tables[table]!, declared, world.position) === undefined;
}

/** Does some publication bring the table, and none that anybody has altered since? */
export function bringsAsWeSetIt(publisher: LogicalData, { publications }: Subscription, table: string): boolean {
  const bringing = publications.filter((name) => {
    const publication = publisher.publications[name];
    return publication !== undefined && publishedBy(publication, table) !== undefined;
  });
  const byHand = bringing.some((name) => {
    const record = publisher.books?.publications[name];
    return record === undefined || touchedByHand(record.catalogue, catalogueOf(publisher.publications[name]!), table);
  });
  return bringing.length > 0 && !byHand;
}

/** Since we last set the publication, did anybody alter how it publishes this table? */
function touchedByHand(before: string, after: string, table: string): boolean {
  const [had, has] = [before, after].map((text) => {
    const { oid, operations, schemas, tables } = JSON.parse(text) as Record<string, [string | string[]][]>;
    const entries = [
      ...schemas!.filter(([schema]) => schema === schemaOf(table)),
      ...tables!.filter(([name]) => (name as string[]).join(".") === table),
    ];
    return [oid, operations, entries];
  });
  return !same(had!, has!);
}

function alwaysThere(world: LogicalWorld, { slot }: Subscription, publication: string): boolean {
  const { confirmed } = publisherOf(world).slots[slot!]!;
  const first = publisherAt(world, Math.min(confirmed + 1, world.position));
  const oids = world.history
    .slice(world.history.indexOf(first))
    .map(({ publications }) => publications[publication]?.oid);
  return oids.every((oid) => oid !== undefined);
}
