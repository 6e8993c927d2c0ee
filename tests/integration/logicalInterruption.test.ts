import { describe, expect } from "vitest";
import { Connections } from "../../operations/connections.ts";
import { observe } from "../../operations/observe.ts";
import { reconcile } from "../../operations/reconcile.ts";
import type { CliRun } from "./support/cliRun.ts";
import { clusterTest } from "./support/clusterTest.ts";
import { eventually } from "./support/eventually.ts";
import { HeldLock } from "./support/heldLock.ts";
import { RowWriter } from "./support/rowWriter.ts";
import type { StackConfig, ThrowawayStack } from "./support/throwawayStack.ts";

const events = { name: "public.events" };
const notes = { name: "notes", tables: [{ name: "public.notes" }] };
const test = clusterTest(
  { mode: "logical", schema: ["schema/001.sql"], publications: [{ name: "everything", tables: [events] }, notes] },
  4,
);

const subscribers = ["pg-2", "pg-3"];

/** Enough to be seen while it is copied. */
const rowsBefore = 200_000;

describe("the first up of a logical cluster, killed with all that it has started", () => {
  test("while a schema file is applied", async ({ stack }) => {
    await stack.configure({ nodes: stack.nodes().slice(0, 3) });
    // It takes a while, as one may.
    await stack.writeSchemaFile(
      "schema/001.sql",
      `create table events (id bigint primary key, client int not null, text text not null);
       create table notes (id bigint primary key);
       select pg_sleep(2);`,
    );
    const run = stack.start("up");
    await run.saw(/pg-2: applying schema\/001\.sql/);
    await kill(run);
    expect(await stack.appSql("pg-2", "select path from postgres_cluster.schema_files")).toEqual([]);
  });

  test("between a slot and its subscription", async ({ stack }) => {
    const run = stack.start("up");
    await run.saw(/pg-1: applying schema\/001\.sql/);
    await killedInStep(stack, run, ["pg-2", "pg_subscription", "exclusive"]);
    expect(await names(stack, "pg-1", "select slot_name as name from pg_replication_slots")).toContain("pg_2");
    expect(await stack.appSql("pg-2", "select from pg_subscription")).toEqual([]);
  });

  test("while rows are copied", async ({ stack }) => {
    await stack.appSql(
      "pg-1",
      "insert into events select 999999 + g, 0, repeat('x', 200) from generate_series(1, $1::int) g",
      [rowsBefore],
    );
    await stack.appSql("pg-1", "insert into notes select generate_series(1, 10)");
    const run = stack.start("up");
    await killedWhileCopying(stack, run, "pg-2");
  });

  test("ends in a verified cluster", async ({ stack }) => {
    await finish(stack, subscribers);
    await expectRows(stack, "events", subscribers, numbers(1_000_000, rowsBefore));
  });
});

describe("an edit under load, killed with all that it has started", () => {
  test("a schema file and its table are added, and one of two subscriptions knows it", async ({ stack }) => {
    await stack.writeSchemaFile(
      "schema/002.sql",
      "create table items (id bigint primary key, client int not null, text text not null);",
    );
    await stack.configure({ schema: ["schema/001.sql", "schema/002.sql"], ...publishing({ name: "public.items" }) });
    await underLoad(stack, ["events"], subscribers, async () => {
      await killedInStep(stack, stack.start("up"), ["pg-2", "pg_subscription", "exclusive"]);
    });
    await stack.appSql("pg-1", "insert into items select g, 0, 'item' from generate_series(1, 5000) g");
  });

  test("a filter is set, and one of two subscribers has removed the rows", async ({ stack }) => {
    await stack.configure(publishing({ name: "public.items", where: "id % 2 = 0" }));
    await underLoad(stack, ["events", "items"], subscribers, async () => {
      await killedInStep(stack, stack.start("up"), ["pg-3", "postgres_cluster.copied_tables", "share"]);
    });
    await expectRows(stack, "items", subscribers, numbers(1, 5000).filter(isEven));
  });

  test("a subscriber is added, and copies", async ({ stack }) => {
    await stack.configure({ nodes: stack.nodes() });
    await underLoad(stack, ["events"], [...subscribers, "pg-4"], async () => {
      const run = stack.start("up");
      await run.saw(/pg-4: subscribing to/);
      await killedWhileCopying(stack, run, "pg-4");
    });
  });

  test("a subscriber is removed, and is being stopped; a publication is dropped, and nobody subscribes to it any more", async ({
    stack,
  }) => {
    const { publications } = publishing({ name: "public.items", where: "id % 2 = 0" });
    await stack.configure({
      nodes: stack.nodes().slice(0, 3),
      publications: publications.filter(({ name }) => name !== notes.name),
    });
    await underLoad(stack, ["events", "items"], subscribers, async () => {
      const run = stack.start("up");
      await run.saw(/pg-4: no longer declared/);
      await kill(run);
      await killedInStep(stack, stack.start("up"), ["pg-1", "pg_publication", "exclusive"]);
    });
    expect(await names(stack, "pg-1", "select pubname as name from pg_publication")).toEqual([
      "everything",
      "postgres_cluster",
    ]);
    await stack.up("--expect-no-changes");
  });
});

function publishing(table: object) {
  return { publications: [{ name: "everything", tables: [events, table] }, notes] } satisfies StackConfig;
}

async function kill(run: CliRun): Promise<void> {
  expect((await run.killTree()).signal).toBe("SIGKILL");
}

/** Kills at the very statement that needs the lock. */
async function killedInStep(
  stack: ThrowawayStack,
  run: CliRun,
  [node, table, mode]: readonly [string, string, "share" | "exclusive"],
): Promise<void> {
  await using lock = await HeldLock.take(stack, node, table, mode);
  await Promise.race([lock.awaited(), endedBefore(run)]);
  await kill(run);
  await lock.abandoned();
}

async function killedWhileCopying(stack: ThrowawayStack, run: CliRun, node: string): Promise<void> {
  await eventually(`${node} copies events`, async () => {
    const copies = await stack.appSql(
      node,
      "select from pg_stat_progress_copy where relid = 'events'::regclass and tuples_processed > 0",
    );
    return copies.length > 0;
  });
  await kill(run);
}

async function endedBefore(run: CliRun): Promise<never> {
  throw new Error(`not killed in time:\n${(await run.ended).output}`);
}

/** Clients write while an `up` is killed in `edit`, and while the next one finishes it. What did not change is not copied again. */
async function underLoad(
  stack: ThrowawayStack,
  tables: readonly string[],
  nodes: readonly string[],
  edit: () => Promise<void>,
): Promise<void> {
  const copied = await copies(stack);
  const writers = await Promise.all(tables.map((table) => RowWriter.start(stack, table, { clients: 2, pause: 10 })));
  await edit();
  await finish(stack, nodes);
  const written = await Promise.all(writers.map((writer) => writer.stop()));
  for (const [index, { ids, errors }] of written.entries()) {
    expect(errors).toEqual([]);
    expect(ids.length).toBeGreaterThan(0);
    const reaching = tables[index] === "items" ? ids.filter(isEven) : ids;
    await expectRows(stack, tables[index]!, nodes, reaching);
  }
  expect(await copies(stack)).toEqual(copied);
}

/** A plain next `up` ends verified, leaves nothing over and nothing to do. */
async function finish(stack: ThrowawayStack, nodes: readonly string[]): Promise<void> {
  const { output } = await stack.up();
  expect(output).toContain("verified: ");
  const desired = await stack.desired();
  await using connections = new Connections();
  expect(reconcile(desired, await observe(desired.plan, connections))).toEqual([]);

  const slots = nodes.map((node) => node.replace("-", "_"));
  expect(await names(stack, "pg-1", "select slot_name as name from pg_replication_slots")).toEqual(slots);
  expect(await names(stack, "pg-1", "select rolname as name from pg_roles where rolname ~ '^subscriber_'")).toEqual(
    slots.map((slot) => `subscriber_${slot}`),
  );
  for (const [index, node] of nodes.entries()) {
    const subscription = "select subname as name from pg_subscription";
    expect(await names(stack, node, subscription)).toEqual([slots[index]]);
    const foreign =
      "select roname as name from pg_replication_origin where roname not in (select 'pg_' || oid from pg_subscription)";
    expect(await names(stack, node, foreign)).toEqual([]);
  }
}

/** The transactions that brought two rows which nobody has changed since: others, once they were copied again. */
async function copies(stack: ThrowawayStack): Promise<object[]> {
  const query =
    "select events.xmin::text as events, notes.xmin::text as notes from events, notes where events.id = 1000000 and notes.id = 1";
  return (await Promise.all(subscribers.map((node) => stack.appSql(node, query)))).flat();
}

/** On every node, once the stream has brought them: these, each once. */
async function expectRows(
  stack: ThrowawayStack,
  table: string,
  nodes: readonly string[],
  ids: readonly number[],
): Promise<void> {
  const expected = { rows: ids.length, sum: ids.reduce((sum, id) => sum + id, 0) };
  for (const node of nodes) {
    await eventually(`${table} of ${node} has ${expected.rows} rows whose ids add up to ${expected.sum}`, async () => {
      const [found] = await stack.appSql(
        node,
        `select count(*)::int as rows, coalesce(sum(id), 0)::float8 as sum from ${table} where id = any($1::bigint[])`,
        [ids],
      );
      return found!.rows === expected.rows && found!.sum === expected.sum;
    });
  }
}

async function names(stack: ThrowawayStack, node: string, query: string): Promise<string[]> {
  const rows = await stack.appSql<{ name: string }>(node, `${query} order by 1`);
  return rows.map(({ name }) => name);
}

function numbers(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}

function isEven(number: number): boolean {
  return number % 2 === 0;
}
