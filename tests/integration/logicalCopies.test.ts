import { expect } from "vitest";
import { connect } from "../../operations/sql.ts";
import { clusterTest } from "./support/clusterTest.ts";
import { expectSameRows } from "./support/expectSameRows.ts";
import { removeNode } from "./support/removeNode.ts";
import { RowWriter } from "./support/rowWriter.ts";
import type { ThrowawayStack } from "./support/throwawayStack.ts";

const test = clusterTest({
  mode: "logical",
  schema: ["schema/001.sql", "schema/002.sql"],
  publications: [{ name: "all", tables: [{ name: "public.events" }, { name: "public.items" }] }],
});
const subscribers = ["pg-2", "pg-3"];

test("only the subscriber that needs a table again copies it, and only that table", async ({ stack }) => {
  await stack.writeSchemaFile(
    "schema/001.sql",
    "create table events (id bigint primary key, client int not null, text text not null);",
  );
  await stack.writeSchemaFile("schema/002.sql", "create table items (id bigint primary key, client int, text text);");
  await stack.up();
  for (const table of ["events", "items"]) {
    await stack.appSql("pg-1", `insert into ${table} select g, 0, 'first' from generate_series(1, 1000) g`);
    await expectSameRows(stack, table, subscribers);
  }
  const before = await oldRows(stack);
  await stack.appSql("pg-2", "delete from items where id = 7");
  await stack.appSql(
    "pg-2",
    "update postgres_cluster.copied_tables set definition = 'stale' where table_name = 'items'",
  );

  await underLoad(stack, async () => {
    const { output } = await stack.up();
    expect(output.match(/\S+: \S+ is copied again/g)).toEqual(["pg-2: public.items is copied again"]);
  });
  const after = await oldRows(stack);
  expect(after["pg-2 items"]).not.toBe(before["pg-2 items"]);
  expect({ ...after, "pg-2 items": "" }).toEqual({ ...before, "pg-2 items": "" });
  expect(await publicationsOf(stack)).toEqual(["all", "postgres_cluster"]);
});

test("a table that comes by another publication is not copied again, nor is a change of an open transaction lost", async ({
  stack,
}) => {
  const before = await oldRows(stack);
  await stack.configure({
    publications: [
      { name: "first", tables: [{ name: "public.events" }] },
      { name: "second", tables: [{ name: "public.items" }] },
    ],
  });
  const client = await connect(stack.node("pg-1"), "app");
  await underLoad(stack, async () => {
    await client.query("begin");
    await client.query("insert into events values (5001, 0, 'before'); insert into items values (5001, 0, 'before')");
    const run = stack.start("up");
    await run.saw(/waiting for \d+ open transaction/);
    await client.query("insert into events values (5002, 0, 'after'); insert into items values (5002, 0, 'after')");
    await client.query("commit");
    const { output } = await run.succeeded();
    expect(output).not.toContain("is copied again");
  });
  await client.end();
  expect(await oldRows(stack)).toEqual(before);
  expect(await publicationsOf(stack)).toEqual(["first", "postgres_cluster", "second"]);
  await stack.expectVerified();
});

test("a node that lost its volume is refused where it would lack a schema file", async ({ stack }) => {
  await stack.configure({
    schema: ["schema/001.sql"],
    publications: [{ name: "first", tables: [{ name: "public.events" }] }],
  });
  await removeNode(stack, "pg-3", ["data"]);
  for (const verb of ["preview", "up"] as const) {
    const { code, output } = await stack.start(verb).ended;
    expect(code).not.toBe(0);
    expect(output).toMatch(
      /pg-3 has not applied schema\/002\.sql, as pg-1, pg-2 did, and `schema` no longer declares it/,
    );
    expect(await stack.node("pg-3").inspect()).toBeUndefined();
  }
  await stack.configure({ schema: ["schema/001.sql", "schema/002.sql"] });
  await stack.up();
  await expectSameRows(stack, "events", subscribers);
  await stack.expectVerified();
});

/** Which very rows these are: a row that was copied again has another place, or came by another transaction. */
async function oldRows(stack: ThrowawayStack): Promise<Record<string, string>> {
  const found: [string, string][] = [];
  for (const node of subscribers) {
    for (const table of ["events", "items"]) {
      const [row] = await stack.appSql<{ rows: string }>(
        node,
        `select md5(string_agg(concat(xmin, ctid, id), ',' order by id)) as rows from ${table} where id <= 1000`,
      );
      found.push([`${node} ${table}`, row!.rows]);
    }
  }
  return Object.fromEntries(found);
}

async function publicationsOf(stack: ThrowawayStack): Promise<string[]> {
  const rows = await stack.appSql<{ name: string }>("pg-1", "select pubname as name from pg_publication order by 1");
  return rows.map(({ name }) => name);
}

/** Clients write to both tables while `edit` runs; no acknowledged row is missing afterwards, and none is there twice. */
async function underLoad(stack: ThrowawayStack, edit: () => Promise<void>): Promise<void> {
  await using events = await RowWriter.start(stack, "events", { clients: 2, pause: 10 });
  await using items = await RowWriter.start(stack, "items", { clients: 2, pause: 10 });
  await edit();
  for (const [table, writer] of Object.entries({ events, items })) {
    const { acknowledged, errors } = await writer.stop();
    expect(errors).toEqual([]);
    expect(acknowledged).toBeGreaterThan(0);
    await expectSameRows(stack, table, subscribers);
  }
}
