import { describe, expect } from "vitest";
import { clusterTest } from "./support/clusterTest.ts";
import { eventually } from "./support/eventually.ts";
import { expectSameRows } from "./support/expectSameRows.ts";
import { removeNode } from "./support/removeNode.ts";
import { RowWriter } from "./support/rowWriter.ts";
import type { ThrowawayStack } from "./support/throwawayStack.ts";

const everything = { name: "everything", tables: [{ name: "public.events" }] };
const test = clusterTest({ mode: "logical", schema: ["schema/001.sql"], publications: [everything] }, 4);
const subscribers = ["pg-2", "pg-3", "pg-4"];

describe("a logical cluster", () => {
  test("comes up from nothing and is verified", async ({ stack }) => {
    await stack.writeSchemaFile(
      "schema/001.sql",
      "create table events (id bigint primary key, client int not null, text text not null);",
    );
    await stack.up();
    await stack.expectVerified();
    await stack.up("--expect-no-changes");
  });

  test("brings 10,000 rows, written while it is verified, to every subscriber", async ({ stack }) => {
    await using writer = await RowWriter.start(stack, "events", { clients: 8, rows: 10_000 });
    await stack.expectVerified();
    const { acknowledged, errors } = await writer.finished;
    expect({ acknowledged, errors }).toEqual({ acknowledged: 10_000, errors: [] });
    await expectSameRows(stack, "events", subscribers);
    await stack.expectVerified();
  });

  test("replicates TRUNCATE", async ({ stack }) => {
    await stack.appSql("pg-1", "truncate events");
    await expectSameRows(stack, "events", subscribers);
    await stack.appSql("pg-1", "insert into events select g, 0, 'again' from generate_series(1, 1000) g");
    await expectSameRows(stack, "events", subscribers);
  });
});

describe("an edit under load converges in place", () => {
  test("a schema file and its table are added", async ({ stack }) => {
    await underLoad(stack, async () => {
      await stack.writeSchemaFile(
        "schema/002.sql",
        `create table items (id int primary key, kind text not null, note text, price numeric);
         alter table items replica identity full;`,
      );
      await stack.configure({ schema: ["schema/001.sql", "schema/002.sql"] });
      await stack.up();
      await stack.appSql(
        "pg-1",
        "insert into items select g, case when g % 2 = 0 then 'even' else 'odd' end, 'note ' || g, g from generate_series(1, 500) g",
      );
      await stack.configure({
        publications: [{ name: "everything", tables: [{ name: "public.events" }, { name: "public.items" }] }],
      });
      await stack.up();
      await expectSameRows(stack, "items", subscribers);
    });
  });

  test("a filter is set and widened: only that table is copied again", async ({ stack }) => {
    for (const where of ["kind = 'even'", "kind = 'even' or id < 10"]) {
      await underLoad(stack, async () => {
        await stack.configure({ publications: [publishing({ name: "public.items", where })] });
        const { output } = await stack.up();
        expect(output).toContain("public.items is copied again");
        expect(output).not.toContain("public.events is copied again");
        await expectSameRows(stack, "items", subscribers, `where ${where}`);
      });
    }
  });

  test("a column list is set and taken away", async ({ stack }) => {
    await stack.writeSchemaFile("schema/003.sql", "alter table items replica identity default;");
    await stack.configure({
      schema: ["schema/001.sql", "schema/002.sql", "schema/003.sql"],
      publications: [publishing({ name: "public.items", columns: ["id", "kind"] })],
    });
    await underLoad(stack, async () => {
      await stack.up();
      await stack.appSql("pg-1", "update items set note = 'secret' where id = 1");
      await expectSameRows(stack, "items", subscribers, "", "id, kind");
      const [seen] = await stack.appSql("pg-2", "select count(*)::int as n from items where note is not null");
      expect(seen).toEqual({ n: 0 });
    });
    await stack.configure({ publications: [publishing({ name: "public.items" })] });
    await stack.up();
    await expectSameRows(stack, "items", subscribers);
  });

  test("a publication is added, and a subscriber leaves it", async ({ stack }) => {
    await underLoad(stack, async () => {
      await stack.configure({
        publications: [
          everything,
          { name: "items", tables: [{ name: "public.items" }], subscribers: ["pg-2", "pg-3"] },
        ],
      });
      await stack.up();
      await expectSameRows(stack, "items", ["pg-2", "pg-3"]);
      await stack.appSql("pg-1", "insert into items values (1000, 'new', '', 0)");
      await stack.configure({
        publications: [everything, { name: "items", tables: [{ name: "public.items" }], subscribers: ["pg-3"] }],
      });
      await stack.up();
      await expectSameRows(stack, "items", ["pg-3"]);
    });
    await stack.configure({ publications: [everything] });
    await stack.up();
    expect(await names(stack, "pg-1", "select pubname as name from pg_publication")).toEqual([
      "everything",
      "postgres_cluster",
    ]);
    await stack.expectVerified();
  });

  test("a subscriber goes, and comes back", async ({ stack }) => {
    const nodes = stack.nodes();
    await underLoad(stack, async () => {
      await stack.configure({ nodes: nodes.slice(0, 3) });
      await stack.up();
      expect(await names(stack, "pg-1", "select slot_name as name from pg_replication_slots")).toEqual([
        "pg_2",
        "pg_3",
      ]);
      expect(
        await names(stack, "pg-1", "select rolname as name from pg_roles where rolname like 'subscriber_%'"),
      ).toEqual(["subscriber_pg_2", "subscriber_pg_3"]);
      await stack.configure({ nodes });
      await stack.up();
    });
    await expectSameRows(stack, "events", subscribers);
  });

  test("a schema file that was applied and is changed is refused", async ({ stack }) => {
    await stack.writeSchemaFile("schema/003.sql", "alter table items replica identity full;");
    const { code, output } = await stack.start("up").ended;
    expect(code).not.toBe(0);
    expect(output).toMatch(/schema\/003\.sql was changed after it had been applied on pg-1/);
    await stack.writeSchemaFile("schema/003.sql", "alter table items replica identity default;");
    await stack.up();
  });
});

describe("what breaks is found and mended", () => {
  test("a conflict is told with its table, key and remedy; once it is removed the stream goes on", async ({
    stack,
  }) => {
    await stack.appSql("pg-2", "insert into events values (500000, 0, 'mine')");
    await stack.appSql("pg-1", "insert into events values (500000, 0, 'theirs')");
    await eventually("the subscription of pg-2 is disabled", async () => {
      const [row] = await stack.appSql("pg-2", "select subenabled as enabled from pg_subscription");
      return row!.enabled === false;
    });
    const { findings } = await stack.verify();
    const finding = findings.find(({ check, node }) => check === "subscriptions" && node === "pg-2");
    expect(finding).toMatchObject({ ok: false, detail: expect.stringMatching(/\(id\)=\(500000\).*public\.events/s) });
    expect(finding!.remedy).toMatch(/delete from public\.events/i);
    await stack.appSql("pg-2", "delete from events where id = 500000");
    await stack.up();
    await expectSameRows(stack, "events", subscribers);
    await stack.expectVerified();
  });

  test("a subscriber that lost its volume is rebuilt", async ({ stack }) => {
    await removeNode(stack, "pg-3", ["data"]);
    await stack.up();
    await expectSameRows(stack, "events", subscribers);
    await stack.expectVerified();
  });

  test("the publisher is restarted during the initial copy", async ({ stack }) => {
    await stack.appSql(
      "pg-1",
      "insert into events select g, 0, repeat('x', 200) from generate_series(1000000, 1300000) g",
    );
    await removeNode(stack, "pg-4", ["data"]);
    const run = stack.start("up");
    await run.saw(/pg-4: subscribing to/);
    await stack.node("pg-1").restart();
    if ((await run.ended).code !== 0) await stack.up();
    await expectSameRows(stack, "events", subscribers);
    await stack.expectVerified();
  });
});

function publishing(table: object) {
  return { name: "everything", tables: [{ name: "public.events" }, table] };
}

/** Clients write to `events` while `edit` runs; afterwards no acknowledged row is missing anywhere, and none is there twice. */
async function underLoad(stack: ThrowawayStack, edit: () => Promise<void>): Promise<void> {
  await using writer = await RowWriter.start(stack, "events", { clients: 4, pause: 10 });
  await edit();
  const { acknowledged, errors } = await writer.stop();
  expect(errors).toEqual([]);
  expect(acknowledged).toBeGreaterThan(0);
  await expectSameRows(stack, "events", subscribers);
}

async function names(stack: ThrowawayStack, node: string, query: string): Promise<string[]> {
  const rows = await stack.appSql<{ name: string }>(node, `${query} order by 1`);
  return rows.map(({ name }) => name);
}
