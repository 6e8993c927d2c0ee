import { subscriptionOf as plannedSubscription } from "../../../../../configs/logicalPlan.ts";
import { operations as allOperations } from "../../../../../configs/spec.ts";
import { type Desired, runtimeText } from "../../../../../operations/desired.ts";
import { clonePublication, cloneSlot } from "../../../../../operations/logical/cloning.ts";
import {
  type CopyOf,
  type DesiredPublication,
  declaredText,
  publicationsOf,
} from "../../../../../operations/logical/publications.ts";
import { plannedOptions } from "../../../../../operations/logical/subscriptionOptions.ts";
import { wantedRoles } from "../../../../../operations/roles.ts";
import type { Step } from "../../../../../operations/step.ts";
import { StepFailed } from "../stepFailed.ts";
import { catalogueOf, grantedFor, isInUse } from "./look.ts";
import { settle, syncSlotOf, work } from "./workers.ts";
import {
  type Books,
  type LogicalData,
  type LogicalNode,
  type LogicalWorld,
  type Publication,
  publishedTogether,
  publisherOf,
  type Subscription,
} from "./world.ts";

/**
 * Carries a step out in the world, as operations/steps does on real nodes: what a server would refuse fails here. Each `yield` is a
 * moment at which it can be cut off, between two things that are committed separately.
 */
export function* perform(world: LogicalWorld, desired: Desired, step: Step): Generator<string, void> {
  const node = world.nodes[step.node]!;
  switch (step.kind) {
    case "startContainer":
      node.running = true;
      return;
    case "writeFiles":
      Object.assign(node, desired.nodes[node.name]!, { changedAt: ++world.counter });
      return;
    case "initialise":
      refuseIf(node.data !== undefined, "there is a data directory");
      writeRuntime(world, desired, node);
      node.data = emptyData(world);
      return;
    case "writeRuntime":
    case "startServer":
    case "restartServer":
      return writeRuntime(world, desired, node);
    case "configureRoles":
      for (const { name, password } of wantedRoles(desired, node.name)) dataOf(node).roles[name] = password;
      yield "roles committed";
      dataOf(node).databases = ["postgres", desired.plan.database];
      return;
    case "retire":
      world.nodes[step.leaver]!.running = false;
      yield "leaver stopped";
      delete dataOf(node).slots[step.slot];
      return;
    case "applySchemaFiles":
      return yield* applySchemaFiles(desired, dataOf(node), step.paths);
    case "recordCopies":
      for (const table of step.tables) record(booksOf(node), table, step.copiedFrom, true);
      return;
    case "setPublications":
      for (const publication of step.publications) setPublication(world, node, publication);
      return;
    case "dropPublication": {
      const { [step.publication]: _, ...others } = dataOf(node).publications;
      dataOf(node).publications = others;
      delete booksOf(node).publications[step.publication];
      return;
    }
    case "grantReading":
      for (const { role, publications } of step.readers) {
        refuseIf(dataOf(node).roles[role] === undefined, `role "${role}" does not exist`);
        dataOf(node).privileges[role] = grantedFor(dataOf(node), publications);
      }
      return;
    case "dropLogicalSlot":
      refuseIf(isInUse(world, step.slot), `slot ${step.slot} is in use`);
      delete dataOf(node).slots[step.slot];
      return;
    case "dropRole":
      refuseIf(dataOf(node).roles[step.role] === undefined, `role "${step.role}" does not exist`);
      delete dataOf(node).roles[step.role];
      delete dataOf(node).privileges[step.role];
      return;
    case "dropOrigin":
      dataOf(node).orphanedOrigins.splice(dataOf(node).orphanedOrigins.indexOf(step.origin), 1);
      return;
    default:
      return yield* performOnSubscription(world, desired, node, step);
  }
}

function* performOnSubscription(
  world: LogicalWorld,
  desired: Desired,
  node: LogicalNode,
  step: Step,
): Generator<string, void> {
  switch (step.kind) {
    case "cloneSubscriber":
      return yield* cloneSubscriber(world, desired, node, step);
    case "createSubscription":
      return yield* createSubscription(world, desired, node, step);
    case "alterSubscription":
      return yield* alterSubscription(world, desired, node, step);
    case "enterBridges":
      return yield* enterBridges(world, desired, node, step);
    case "refreshSubscription":
      return yield* refreshSubscription(world, desired, node, step);
    case "dropSubscription":
      return yield* dropSubscription(node, step.subscription);
    case "awaitTables":
      return yield* awaitTables(world, desired, node);
    default:
      throw new StepFailed(`${step.kind} is no step of mode logical`);
  }
}

function writeRuntime(world: LogicalWorld, desired: Desired, node: LogicalNode): void {
  node.runtime = runtimeText(desired, node.name, "");
  node.changedAt = ++world.counter;
  node.loadedAt = ++world.counter;
}

function emptyData(world: LogicalWorld): LogicalData {
  return {
    systemIdentifier: String(7000000 + ++world.counter),
    roles: {},
    databases: ["postgres"],
    tables: {},
    publications: {},
    privileges: {},
    slots: {},
    subscriptions: {},
    orphanedOrigins: [],
  };
}

/** A schema file's text is a line for each table: `create table schema.name`. */
function* applySchemaFiles({ plan }: Desired, data: LogicalData, paths: readonly string[]): Generator<string, void> {
  data.books ??= { schemaFiles: [], publications: {}, copiedTables: {} };
  for (const name of ["marker", "parity_point"]) {
    data.tables[`postgres_cluster.${name}`] ??= { own: 0, everSubscribed: false };
  }
  for (const { path, sha256, text } of plan.logical!.schemaFiles.filter(({ path }) => paths.includes(path))) {
    yield "our books or a file committed";
    for (const [, table] of text.matchAll(/^create table (\S+)$/gm)) {
      refuseIf(data.tables[table!] !== undefined, `relation "${table}" already exists`);
      data.tables[table!] = { own: 0, everSubscribed: false };
    }
    data.books.schemaFiles.push({ path, sha256 });
  }
}

function setPublication(world: LogicalWorld, node: LogicalNode, publication: DesiredPublication): void {
  const data = dataOf(node);
  const { name, operations, tables, schemas } = publication;
  const before = data.publications[name];
  const kept = tables.length + schemas.length === 0 ? undefined : before;
  const entries = tables.map((table): [string, Publication["tables"][string]] => {
    const id = `${table.schema}.${table.name}`;
    refuseIf(data.tables[id] === undefined, `relation "${id}" does not exist`);
    const columns = table.columns === undefined ? null : [...table.columns].sort();
    const where = table.where === undefined ? null : `(${table.where})`;
    const old = kept?.tables[id];
    // What stays as it is keeps its entry.
    if (old?.where === where && JSON.stringify(old.columns) === JSON.stringify(columns)) return [id, old];
    return [id, { oid: ++world.counter, columns, where }];
  });
  const found: Publication = {
    oid: kept?.oid ?? ++world.counter,
    operations,
    tables: Object.fromEntries(entries),
    schemas: Object.fromEntries(schemas.map((schema) => [schema, kept?.schemas[schema] ?? ++world.counter])),
  };
  data.publications = { ...data.publications, [name]: found };
  booksOf(node).publications[name] = { declared: declaredText(publication), catalogue: catalogueOf(found) };
}

type Subscribing = Extract<Step, { kind: "createSubscription" | "refreshSubscription" }>;

function* createSubscription(
  world: LogicalWorld,
  desired: Desired,
  node: LogicalNode,
  step: Subscribing,
): Generator<string, void> {
  const plan = plannedSubscription(desired.plan, node.name);
  const publisher = publisherOf(world);
  const data = dataOf(node);
  refuseIf(publisher.roles[plan.role] === undefined, `role "${plan.role}" does not exist`);
  refuseIf(publisher.slots[plan.slot] !== undefined, `replication slot "${plan.slot}" already exists`);
  publisher.slots[plan.slot] = { confirmed: world.position, lost: false };
  yield "slot created";
  refuseIf(data.subscriptions[plan.name] !== undefined, `subscription "${plan.name}" already exists`);
  prepareCopies(node, step);
  for (const table of step.tables) record(booksOf(node), table, step.copiedFrom, true);
  const subscription: Subscription = {
    oid: ++world.counter,
    enabled: true,
    slot: plan.slot,
    conninfo: plan.conninfo,
    publications: publicationsOf(plan),
    options: plannedOptions,
    tables: {},
  };
  data.subscriptions[plan.name] = subscription;
  takeIn(world, data, subscription);
}

/** Of a clone, the rows of every table are there up to the position at which its slot was made. */
function* cloneSubscriber(
  world: LogicalWorld,
  desired: Desired,
  node: LogicalNode,
  step: Extract<Step, { kind: "cloneSubscriber" }>,
): Generator<string, void> {
  const plan = plannedSubscription(desired.plan, node.name);
  const publisher = publisherOf(world);
  refuseIf(node.data !== undefined, "there is a data directory");
  refuseIf(publisher.slots[cloneSlot] !== undefined, `replication slot "${cloneSlot}" already exists`);
  publisher.slots[cloneSlot] = { confirmed: world.position, lost: false };
  yield "base backup taken";
  refuseIf(publisher.publications[clonePublication] !== undefined, `publication "${clonePublication}" already exists`);
  const everything = { oid: ++world.counter, operations: allOperations, schemas: {}, tables: {} };
  publisher.publications = { ...publisher.publications, [clonePublication]: everything };
  yield "published";
  refuseIf(publisher.slots[plan.slot] !== undefined, `replication slot "${plan.slot}" already exists`);
  refuseIf(publisher.roles[plan.role] === undefined, `role "${plan.role}" does not exist`);
  publisher.slots[plan.slot] = { confirmed: world.position, lost: false };
  const data = cloneOf(world, publisher);
  yield "slot created";
  delete publisher.slots[cloneSlot];
  yield "server made";
  const { [clonePublication]: _, ...publications } = publisher.publications;
  publisher.publications = publications;
  yield "publication dropped";
  for (const table of step.tables) record(data.books!, table, step.copiedFrom, true);
  const subscription: Subscription = {
    oid: ++world.counter,
    enabled: false,
    slot: plan.slot,
    conninfo: plan.conninfo,
    publications: publicationsOf(plan),
    options: unsetOptions,
    tables: Object.fromEntries(Object.keys(data.tables).map((table) => [table, "r"])),
  };
  data.subscriptions[plan.name] = subscription;
  writeRuntime(world, desired, node);
  node.data = data;
  yield "put in place";
  subscription.enabled = true;
  yield "enabled";
  takeIn(world, data, subscription);
}

/** Another value for everything that CREATE SUBSCRIPTION sets by default. */
const unsetOptions = '[false, "f", false, "any", false, true]';

function cloneOf(world: LogicalWorld, publisher: LogicalData): LogicalData {
  const { roles, databases, books, tables } = structuredClone(publisher);
  const copy = { columns: null, where: null, upTo: world.position, lacking: [], wrong: false };
  return {
    ...emptyData(world),
    roles: Object.fromEntries(Object.entries(roles).filter(([name]) => !name.startsWith("subscriber_"))),
    databases,
    books: { schemaFiles: books!.schemaFiles, publications: {}, copiedTables: {} },
    tables: Object.fromEntries(
      Object.keys(tables).map((table) => [table, { own: 0, everSubscribed: true, copy: { ...copy } }]),
    ),
  };
}

function* refreshSubscription(
  world: LogicalWorld,
  desired: Desired,
  node: LogicalNode,
  step: Subscribing,
): Generator<string, void> {
  const subscription = subscriptionOf(desired, node);
  prepareCopies(node, step);
  yield "copies prepared";
  refuseIf(!subscription.enabled, "REFRESH is not allowed for disabled subscriptions");
  takeIn(world, dataOf(node), subscription);
  yield "refreshed";
  for (const table of step.tables) record(booksOf(node), table, step.copiedFrom, true);
}

/** What CREATE SUBSCRIPTION and REFRESH PUBLICATION do with the tables that are published now. */
function takeIn(world: LogicalWorld, data: LogicalData, subscription: Subscription): void {
  const { publications, tables } = subscription;
  const publisher = publisherOf(world);
  const published = Object.keys(publisher.tables).filter(
    (table) => publishedTogether(publisher.publications, publications, table) !== undefined,
  );
  for (const table of Object.keys(tables).filter((each) => !published.includes(each))) {
    delete publisher.slots[syncSlotOf(data, subscription, table)];
    delete tables[table];
  }
  for (const table of published) {
    const rows = data.tables[table];
    if (rows === undefined) throw new StepFailed(`relation "${table}" does not exist`);
    tables[table] ??= "i";
    rows.everSubscribed = true;
  }
}

/** One transaction. */
function prepareCopies(node: LogicalNode, { tables, copiedFrom }: Subscribing): void {
  const books = booksOf(node);
  for (const table of tables) {
    const id = `${table.schema}.${table.name}`;
    const begun = books.copiedTables[id]?.begun ?? false;
    if (begun) Object.assign(dataOf(node).tables[id]!, { own: 0, copy: undefined });
    record(books, table, copiedFrom, begun);
  }
}

function record(books: Books, { schema, name, definition }: CopyOf, publisher: string, begun: boolean): void {
  books.copiedTables[`${schema}.${name}`] = { definition, publisher, begun };
}

function* alterSubscription(
  world: LogicalWorld,
  desired: Desired,
  node: LogicalNode,
  { publications }: Extract<Step, { kind: "alterSubscription" }>,
): Generator<string, void> {
  const subscription = subscriptionOf(desired, node);
  const wasEnabled = subscription.enabled;
  yield* setConnection(world, desired, node, subscription);
  const leavesOnly = publications.every((name) => subscription.publications.includes(name));
  if (leavesOnly) subscription.publications = publications;
  yield "publications left";
  enable(subscription);
  yield "enabled";
  if (leavesOnly && wasEnabled) return;
  if (!leavesOnly) yield* awaitTables(world, desired, node);
  catchUp(world, node, subscription);
  subscription.publications = publications;
}

function* enterBridges(
  world: LogicalWorld,
  desired: Desired,
  node: LogicalNode,
  { publications }: Extract<Step, { kind: "enterBridges" }>,
): Generator<string, void> {
  const subscription = subscriptionOf(desired, node);
  yield* setConnection(world, desired, node, subscription);
  enable(subscription);
  yield "enabled";
  catchUp(world, node, subscription);
  subscription.publications = publications;
  takeIn(world, dataOf(node), subscription);
}

function* setConnection(
  world: LogicalWorld,
  desired: Desired,
  node: LogicalNode,
  subscription: Subscription,
): Generator<string, void> {
  subscription.conninfo = plannedSubscription(desired.plan, node.name).conninfo;
  yield "connection set";
  if (failoverOf(subscription.options) !== failoverOf(plannedOptions)) {
    subscription.enabled = false;
    yield "disabled";
    refuseIf(publisherOf(world).slots[subscription.slot!] === undefined, "its slot does not exist");
  }
  subscription.options = plannedOptions;
  yield "options set";
}

function enable(subscription: Subscription): void {
  subscription.enabled = true;
  subscription.failure = undefined;
}

function catchUp(world: LogicalWorld, node: LogicalNode, subscription: Subscription): void {
  work(world, node.name);
  const { confirmed } = publisherOf(world).slots[subscription.slot!]!;
  refuseIf(confirmed < world.position, `${node.name} does not catch up: ${subscription.failure}`);
}

function failoverOf(options: string): unknown {
  return (JSON.parse(options) as unknown[])[4];
}

/** Each a transaction of its own. */
function* dropSubscription(node: LogicalNode, name: string): Generator<string, void> {
  const subscription = dataOf(node).subscriptions[name];
  if (subscription === undefined) throw new StepFailed(`subscription "${name}" does not exist`);
  subscription.enabled = false;
  yield "disabled";
  subscription.slot = null;
  yield "slot let go";
  delete dataOf(node).subscriptions[name];
}

function* awaitTables(world: LogicalWorld, desired: Desired, node: LogicalNode): Generator<string, void> {
  const subscription = subscriptionOf(desired, node);
  for (let waited = 0; Object.values(subscription.tables).some((state) => state !== "r"); waited++) {
    refuseIf(waited === 10, `${node.name} does not get further`);
    refuseIf(!subscription.enabled, `${node.name} was disabled: ${subscription.failure}`);
    yield "waiting";
    settle(world);
    work(world, node.name);
  }
}

function subscriptionOf(desired: Desired, node: LogicalNode): Subscription {
  const { name } = plannedSubscription(desired.plan, node.name);
  const subscription = dataOf(node).subscriptions[name];
  if (subscription === undefined) throw new StepFailed(`subscription "${name}" does not exist`);
  return subscription;
}

function dataOf({ name, running, data }: LogicalNode): LogicalData {
  if (!running || data === undefined) throw new StepFailed(`${name}: no server`);
  return data;
}

function booksOf(node: LogicalNode): Books {
  const { books } = dataOf(node);
  if (books === undefined) throw new StepFailed(`${node.name}: our books are not there`);
  return books;
}

function refuseIf(condition: boolean, reason: string): void {
  if (condition) throw new StepFailed(reason);
}
