import { describe, expect, test } from "vitest";
import { operations } from "../../../../../configs/spec.ts";
import { subscribedTables } from "../../../../../operations/verify/logical/comparedTables.ts";
import type { ParityProbe, TableParity } from "../../../../../operations/verify/logical/parityProbe.ts";
import { fingerprintQuery, rowsQuery } from "../../../../../operations/verify/logical/rowHash.ts";
import { rowParity } from "../../../../../operations/verify/logical/rowParity.ts";
import { sequences } from "../../../../../operations/verify/logical/sequences.ts";
import { describeLogicalCheck } from "../../support/describeCheck.ts";
import { type Fault, failures, healthy, logicalProbes } from "../../support/evidence.ts";
import { logicalSpec } from "../../support/logicalSpec.ts";

function parity(change: Partial<ParityProbe>): Fault {
  return (evidence) => logicalProbes({ parity: { ...evidence.probes.logical!.parity!, ...change } })(evidence);
}

/** What was found of the orders on pg-2. */
function orders(change: Partial<TableParity>): Fault {
  return (evidence) => {
    const { subscribers } = evidence.probes.logical!.parity!;
    const tables = subscribers["pg-2"]!.tables.map((each) =>
      each.table.name === "orders" ? { ...each, ...change } : each,
    );
    return parity({ subscribers: { ...subscribers, "pg-2": { tables } } })(evidence);
  };
}

const difference = { rows: 3, complete: true, missing: ["id=1"], additional: ["id=7"], different: ["id=9"] };

describeLogicalCheck(rowParity, [
  {
    fault: "a row is changed",
    evidence: orders({ found: { rows: 10_000, hash: "99" }, difference }),
    on: "pg-2",
    says: /public\.orders has 10000 rows, of which pg-1 publishes 10000 at 0\/3000100; 3 rows differ \(missing here: id=1; only here: id=7; different: id=9\)/,
    remedy: /who writes public\.orders on pg-2.*copied_tables SET definition = 'stale'.*\('public', 'orders'\)/,
  },
  {
    fault: "rows are missing in a table without a key",
    evidence: orders({ found: { rows: 9_000, hash: "99" } }),
    on: "pg-2",
    says: /public\.orders has 9000 rows, of which pg-1 publishes 10000 at 0\/3000100$/,
    remedy: /who writes/,
  },
  {
    fault: "more differ than were looked at",
    evidence: orders({ found: { rows: 1, hash: "1" }, difference: { ...difference, complete: false } }),
    on: "pg-2",
    says: /at least 3 rows differ/,
    remedy: /who writes/,
  },
  {
    fault: "a table can't be read",
    evidence: orders({ error: 'relation "public.orders" does not exist' }),
    on: "pg-2",
    says: /public\.orders could not be compared: relation/,
    remedy: /schema-parity/,
  },
  {
    fault: "the parity point did not arrive",
    evidence: parity({ subscribers: { "pg-3": { error: "the parity point did not arrive", tables: [] } } }),
    on: "pg-3",
    says: /could not be compared: the parity point did not arrive/,
    remedy: /subscriptions/,
  },
  {
    fault: "somebody writes without an end",
    evidence: parity({ busy: "orders is written by batch, pid 7, for 12 s, idle in transaction" }),
    says: /no moment was found in which nobody wrote: orders is written by batch, pid 7/,
    remedy: /npm run verify -- --stack test/,
  },
  {
    fault: "no connection",
    evidence: parity({ error: "connection lost" }),
    says: /could not be compared: connection lost/,
    remedy: /server-running/,
  },
]);

describe("the tables that are compared", () => {
  const tablesOf = (publication: object) => {
    const [users, orders] = logicalSpec(["pg-2", "pg-3"]).publications;
    const spec = { ...logicalSpec(["pg-2", "pg-3"]), publications: [users!, { ...orders!, ...publication }] };
    const { desired, observed } = healthy({ mode: "logical", logical: spec });
    const plan = desired.plan.logical!;
    return subscribedTables(plan, observed.nodes[0]!.server!.logical!, plan.subscriptions[0]!);
  };

  test("have their published columns, their key and their filter; the verification's own are left out", () => {
    expect(tablesOf({}).compared).toEqual([
      {
        schema: "public",
        name: "users",
        publication: "users_pub",
        columns: ["active", "id", "name"],
        keyColumns: ["active", "id"],
        where: "active",
      },
      {
        schema: "public",
        name: "orders",
        publication: "orders_pub",
        columns: ["amount", "id"],
        keyColumns: ["id"],
      },
    ]);
  });

  test.each(operations)("none of a publication that does not publish %s", (left) => {
    const { compared, incomparable } = tablesOf({ operations: operations.filter((each) => each !== left) });
    expect(compared.map(({ name }) => name)).toEqual(["users"]);
    expect(incomparable).toEqual([
      { schema: "public", name: "orders", publication: "orders_pub", notPublished: [left] },
    ]);
  });

  test("all of a whole schema", () => {
    const content = { kind: "schemas", schemas: ["public"] };
    expect(tablesOf({ content }).compared.map(({ name }) => name)).toEqual(["users", "audit", "orders", "users"]);
  });
});

test("a table of which not everything is published is said to be left out, and does no harm", () => {
  const spec = logicalSpec(["pg-2", "pg-3"]);
  const insertOnly = spec.publications.map((each) => ({ ...each, operations: ["insert"] as const }));
  const found = rowParity.examine(healthy({ mode: "logical", logical: { ...spec, publications: insertOnly } }));
  expect(found.filter(({ ok }) => !ok)).toEqual([]);
  expect(found.map(({ detail }) => detail)).toContain(
    "public.orders is not compared: orders_pub does not publish update, delete, truncate",
  );
});

describe("a query of rows", () => {
  const table = {
    schema: "My Schema",
    name: 'a"b',
    publication: "p",
    columns: ["id", "Order"],
    keyColumns: ["id"],
    where: "id > 7 or hidden",
  };

  test("reads on the publisher what is published, on the subscriber all that is there", () => {
    expect(fingerprintQuery(table, "publisher")).toContain('from only "My Schema"."a""b" where (id > 7 or hidden)');
    expect(fingerprintQuery(table, "subscriber")).not.toContain("hidden");
    expect(rowsQuery(table, "publisher")).toContain('row("id", "Order")::text');
  });
});

describe("sequences", () => {
  const cluster = { mode: "logical" } as const;
  const at = (publisher: string | null, subscriber: string | null, increment = "1") => {
    const name = "public.users_id_seq";
    const evidence = logicalProbes({
      sequences: {
        "pg-1": [{ name, lastValue: publisher, startValue: "1", increment }],
        "pg-2": [{ name, lastValue: subscriber, startValue: "1", increment }],
      },
    });
    expect(failures(sequences, { cluster, evidence })).toEqual([]);
    return sequences.examine(evidence(healthy(cluster))).map(({ node, detail }) => `${node} ${detail}`)[0];
  };

  test.each<[string | null, string | null, string, RegExp]>([
    ["10", "10", "1", /^pg-2 public\.users_id_seq: not behind pg-1$/],
    ["10", "4", "1", /6 values behind pg-1 \(10\).*npm run sync-sequences -- --stack test/],
    ["10", null, "1", /10 values behind/],
    ["10", "12", "1", /not behind/],
    [null, "12", "1", /not behind/],
    ["-9", "-3", "-2", /3 values behind/],
    ["9223372036854775807", "9223372036854775800", "1", /7 values behind/],
  ])("publisher at %s, subscriber at %s, by %s", (publisher, subscriber, increment, says) => {
    expect(at(publisher, subscriber, increment)).toMatch(says);
  });
});
