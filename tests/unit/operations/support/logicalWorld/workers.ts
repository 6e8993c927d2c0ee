import { operations as allOperations } from "../../../../../configs/spec.ts";
import {
  type LogicalData,
  type LogicalNode,
  type LogicalWorld,
  publishedTogether,
  publisherAt,
  publisherOf,
  type Subscription,
} from "./world.ts";

/** What the servers do by themselves: the publisher commits a change of every table, the workers of the subscriptions take a step. */
export function settle(world: LogicalWorld): void {
  commit(world);
  for (const { name } of Object.values(world.nodes)) if (!world.lagging.has(name)) work(world, name);
}

function commit(world: LogicalWorld): void {
  const { data, running } = world.nodes[world.publisher]!;
  if (data === undefined || !running) return;
  world.position += 1;
  const tables = Object.keys(data.tables);
  const last = world.history.at(-1);
  if (last?.publications === data.publications && last.tables.length === tables.length) return;
  world.history.push({ from: world.position, publications: data.publications, tables });
}

/** Lets the subscriptions of a node catch up with the stream, and each copy get one state further. */
export function work(world: LogicalWorld, name: string): void {
  const node = world.nodes[name]!;
  if (!node.running || node.data === undefined || !world.nodes[world.publisher]!.running) return;
  for (const subscription of Object.values(node.data.subscriptions)) {
    follow(world, node.data, subscription);
    copyTables(world, node, subscription);
  }
}

/** May be tried on a world of one's own with other `publications` than the subscription's. */
export function follow(world: LogicalWorld, data: LogicalData, subscription: Subscription): void {
  const slot = publisherOf(world).slots[subscription.slot ?? ""];
  if (!subscription.enabled || slot === undefined || slot.lost) return;
  for (let position = slot.confirmed + 1; position <= world.position; position++) {
    const failure = apply(world, data, subscription, position);
    if (failure !== undefined) {
      fail(subscription, `at position ${position}: ${failure}`);
      return;
    }
    slot.confirmed = position;
  }
}

/** disable_on_error */
function fail(subscription: Subscription, failure: string): void {
  subscription.enabled = false;
  subscription.failure = failure;
}

/** Returns what ends the stream. */
function apply(
  world: LogicalWorld,
  data: LogicalData,
  { publications: names, tables: followed }: Subscription,
  position: number,
): string | undefined {
  const { publications, tables } = publisherAt(world, position);
  const missing = names.find((name) => publications[name] === undefined);
  if (missing !== undefined) return `publication ${missing} does not exist`;
  for (const table of tables) {
    const published = publishedTogether(publications, names, table);
    if (published === undefined) continue;
    if (published === "conflict") return `different column lists for ${table}`;
    const rows = data.tables[table];
    if (rows === undefined) return `target relation ${table} does not exist`;
    const { copy } = rows;
    // What the copy brought already is passed over.
    if (followed[table] !== "r" || copy === undefined || position <= copy.upTo) continue;
    const same = published.where === copy.where && JSON.stringify(published.columns) === JSON.stringify(copy.columns);
    if (!same || copy.upTo < position - 1) copy.wrong = true;
    const lacking = allOperations.filter((operation) => !published.operations.includes(operation));
    copy.lacking = [...new Set([...copy.lacking, ...lacking])];
    copy.upTo = position;
  }
  return undefined;
}

function copyTables(world: LogicalWorld, { name, data }: LogicalNode, subscription: Subscription): void {
  const publisher = publisherOf(world);
  const slot = publisher.slots[subscription.slot ?? ""];
  if (slot === undefined || slot.lost) return;
  for (const [table, state] of Object.entries(subscription.tables)) {
    if (!subscription.enabled) return;
    const syncSlot = syncSlotOf(data!, subscription, table);
    if (state === "i") {
      publisher.slots[syncSlot] = { confirmed: world.position, lost: false };
      subscription.tables[table] = "d";
    }
    if (state === "d") {
      const failure = copyTable(world, data!, subscription, table);
      if (failure !== undefined) {
        fail(subscription, `${name}: copy of ${table}: ${failure}`);
        return;
      }
      subscription.tables[table] = "r";
      delete publisher.slots[syncSlot];
    }
  }
}

/** Of the worker that copies a table. */
export function syncSlotOf({ systemIdentifier, tables }: LogicalData, { oid }: Subscription, table: string): string {
  return `pg_${oid}_sync_${20000 + Object.keys(tables).indexOf(table)}_${systemIdentifier}`;
}

function copyTable(
  world: LogicalWorld,
  data: LogicalData,
  { conninfo, publications }: Subscription,
  table: string,
): string | undefined {
  const publisher = publisherOf(world);
  const role = /\buser=(\S+)/.exec(conninfo)?.[1] ?? "";
  const published = publishedTogether(publisher.publications, publications, table);
  if (published === "conflict") return "different column lists";
  const needed = published?.columns?.map((column) => `${table}(${column})`) ?? [table];
  const granted = publisher.privileges[role] ?? [];
  if (!needed.every((each) => granted.includes(each))) return `permission denied for ${role}`;
  const rows = data.tables[table]!;
  if (rows.copy !== undefined) return "duplicate key";
  // PostgreSQL copies what nobody publishes as a whole.
  const { columns, where } = published ?? { columns: null, where: null };
  rows.copy = { columns, where, upTo: world.position, lacking: [], wrong: false };
  return undefined;
}
