import { eventually } from "./eventually.ts";
import type { Fault } from "./faults.ts";
import type { ThrowawayStack } from "./throwawayStack.ts";

/** What the faults are inflicted on: mode logical, and two tables, one of them filtered. */
export const logicalCluster = {
  mode: "logical",
  schema: ["schema/001.sql"],
  publications: [
    {
      name: "everything",
      tables: [{ name: "public.events" }, { name: "public.items", where: "kind = 'even'" }],
    },
  ],
};

export const logicalSchema = `
create table events (id bigint primary key, client int not null, text text not null);
create table items (id int generated always as identity, kind text not null, note text, primary key (id, kind));`;

const up = (stack: ThrowawayStack) => stack.up();

/** Of a logical cluster of pg-1 (publisher), pg-2 and pg-3, with rows. */
export const logicalFaults: readonly Fault[] = [
  {
    title: "a subscription is disabled",
    inflict: async (stack) => {
      await stack.appSql("pg-2", "alter subscription pg_2 disable");
      await slotIsIdle(stack);
    },
    found: { "subscriptions pg-2": /pg_2 is disabled/ },
    consequences: ["logical-slots pg-2", "markers pg-2"],
    repair: up,
  },
  {
    title: "a table is dropped from the publication by hand",
    inflict: (stack) => stack.appSql("pg-1", "alter publication everything drop table items"),
    found: { "publications cluster": /everything was altered by hand: table public\.items was dropped/ },
    repair: up,
  },
  {
    title: "a filter is altered by hand",
    inflict: (stack) =>
      stack.appSql("pg-1", "alter publication everything set table events, items where (kind = 'odd')"),
    found: { "publications cluster": /the filter of public\.items: .*odd.* in place of .*even/ },
    repair: up,
  },
  {
    title: "a row is changed on a subscriber",
    inflict: (stack) => stack.appSql("pg-3", "update events set text = 'changed' where id = 7"),
    found: { "row-parity pg-3": /public\.events has 1000 rows, .* 1 rows differ \(different: id=7\)/ },
    async repair(stack) {
      const books = "postgres_cluster.copied_tables";
      const events = "(table_schema, table_name) = ('public', 'events')";
      await stack.appSql("pg-3", `update ${books} set definition = 'stale' where ${events}`);
      await stack.up();
    },
  },
  {
    title: "a slot is dropped",
    async inflict(stack) {
      await stack.appSql(
        "pg-1",
        "select pg_terminate_backend(active_pid) from pg_replication_slots where slot_name = 'pg_2'",
      );
      await slotIsIdle(stack);
      await stack.appSql("pg-1", "select pg_drop_replication_slot('pg_2')");
    },
    found: { "logical-slots pg-2": /slot pg_2 is missing on pg-1/ },
    consequences: ["subscriptions pg-2", "markers pg-2"],
    repair: up,
  },
  {
    title: "a row that a subscriber has already stops its subscription",
    async inflict(stack) {
      await stack.appSql("pg-2", "insert into events values (2000, 0, 'mine')");
      await stack.appSql("pg-1", "insert into events values (2000, 0, 'theirs')");
      await slotIsIdle(stack);
    },
    found: {
      "subscriptions pg-2":
        /pg_2 is disabled: duplicate key .*Key \(id\)=\(2000\) already exists in public\.events \(INSERT of transaction \d+ that ended at/,
    },
    consequences: ["logical-slots pg-2", "markers pg-2"],
    async repair(stack) {
      await stack.appSql("pg-2", "delete from events where id = '2000'");
      await stack.up();
    },
  },
  {
    title: "a published column is dropped on a subscriber",
    inflict: (stack) => stack.appSql("pg-3", "alter table items drop column note"),
    found: { "schema-parity pg-3": /public\.items: column note is missing/ },
    consequences: ["row-parity pg-3"],
    repair: (stack) => stack.appSql("pg-3", "alter table items add column note text"),
  },
];

async function slotIsIdle(stack: ThrowawayStack): Promise<void> {
  await eventually("the slot of pg-2 is idle", async () => {
    const [slot] = await stack.appSql("pg-1", "select active from pg_replication_slots where slot_name = 'pg_2'");
    return slot!.active === false;
  });
}
