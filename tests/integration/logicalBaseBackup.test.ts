import { describe, expect } from "vitest";
import { clusterTest } from "./support/clusterTest.ts";
import { RowWriter } from "./support/rowWriter.ts";
import type { ThrowawayStack } from "./support/throwawayStack.ts";

const nodes = ["pg-1", "pg-2", "pg-3"];
const test = clusterTest(
  {
    mode: "logical",
    schema: ["schema/001.sql"],
    publications: [{ name: "everything", allTables: true }],
    initialCopy: "fromBaseBackup",
  },
  nodes.length,
);

/** In the order in which a subscriber that is made comes by, so that each `up` below gets further than the one before. */
const moments: readonly (readonly [string, RegExp])[] = [
  ["the base backup is on its way", /pg-3: base backup from pg-1: \d+ %/],
  ["pg_createsubscriber runs", /pg-3: base backup verified, making it a subscriber/],
  ["the subscriber is in place", /pg-3: subscribed to everything/],
];

describe("subscribers made from a base backup", () => {
  test("come up with the rows that are there already", async ({ stack }) => {
    await stack.writeSchemaFile(
      "schema/001.sql",
      "create table events (id bigint primary key, client int not null, text text not null);",
    );
    await stack.configure({ nodes: stack.nodes().slice(0, 2) });
    await stack.up();
    await stack.expectVerified();
    await stack.appSql("pg-1", "insert into events select g, 0, repeat('x', 200) from generate_series(1, 5000) g");
    await stack.up("--expect-no-changes");
  });

  test("while rows are being written, and half-way killed again and again", async ({ stack }) => {
    await using writer = await RowWriter.start(stack, "events", { clients: 2, pause: 10 });
    await stack.configure({ nodes: stack.nodes() });
    const [before] = await stack.appSql("pg-2", fileOfTable);
    for (const [, moment] of moments) {
      const run = stack.start("up");
      await run.saw(moment);
      expect((await run.killTree()).signal).toBe("SIGKILL");
    }
    await stack.up();
    await stack.expectVerified();
    const { acknowledged, errors } = await writer.stop();
    expect({ some: acknowledged > 0, errors }).toEqual({ some: true, errors: [] });
    await stack.expectVerified();
    const [found] = await stack.appSql("pg-3", "select count(*)::int as rows from events");
    expect(found).toEqual({ rows: 5000 + acknowledged });
    expect(await stack.appSql("pg-2", fileOfTable)).toEqual([before]);
    await stack.up("--expect-no-changes");
  });

  test("are servers of their own, and nothing is left of how they were made", async ({ stack }) => {
    const identifiers = await everywhere(stack, "select system_identifier::text as found from pg_control_system()");
    expect(new Set(Object.values(identifiers).flat()).size).toBe(nodes.length);
    expect(await everywhere(stack, "select pubname as found from pg_publication")).toEqual({
      "pg-1": ["everything", "postgres_cluster"],
      "pg-2": [],
      "pg-3": [],
    });
    expect(await everywhere(stack, "select slot_name as found from pg_replication_slots")).toEqual({
      "pg-1": ["pg_2", "pg_3"],
      "pg-2": [],
      "pg-3": [],
    });
    expect(await everywhere(stack, "select rolname as found from pg_roles where rolname ~ '^subscriber_'")).toEqual({
      "pg-1": ["subscriber_pg_2", "subscriber_pg_3"],
      "pg-2": [],
      "pg-3": [],
    });
    for (const node of nodes) {
      expect((await stack.shell(node, "ls /var/lib/postgresql")).trim().split("\n")).not.toContain("clone");
      expect(await stack.shell(node, "cat /proc/[0-9]*/comm | grep -c socat || true")).toBe("0\n");
    }
  });

  test("get a new table as any subscriber does, and keep the rows of the others", async ({ stack }) => {
    const [before] = await stack.appSql("pg-3", fileOfTable);
    await stack.writeSchemaFile("schema/002.sql", "create table items (id int primary key);");
    await stack.configure({ schema: ["schema/001.sql", "schema/002.sql"] });
    await stack.up();
    await stack.appSql("pg-1", "insert into items values (1)");
    await stack.expectVerified();
    expect(await stack.appSql("pg-3", fileOfTable)).toEqual([before]);
  });
});

/** Changes when a table is emptied or rewritten; with the oldest row's transaction, also when its rows are copied anew. */
const fileOfTable = "select pg_relation_filenode('events') as file, min(xmin::text::bigint) as oldest from events";

async function everywhere(stack: ThrowawayStack, query: string): Promise<Record<string, string[]>> {
  const found = nodes.map(async (node): Promise<[string, string[]]> => {
    const rows = await stack.appSql<{ found: string }>(node, `${query} order by 1`);
    return [node, rows.map((row) => row.found)];
  });
  return Object.fromEntries(await Promise.all(found));
}
