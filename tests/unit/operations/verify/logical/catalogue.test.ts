import { describe, expect, test } from "vitest";
import { ownData } from "../../../../../operations/verify/logical/ownData.ts";
import { publications } from "../../../../../operations/verify/logical/publications.ts";
import { schemaFiles } from "../../../../../operations/verify/logical/schemaFiles.ts";
import { schemaParity } from "../../../../../operations/verify/logical/schemaParity.ts";
import { describeLogicalCheck } from "../../support/describeCheck.ts";
import { type Fault, failures, logical, server } from "../../support/evidence.ts";
import { userTables } from "../../support/healthyLogical.ts";

const up = /npm run up -- --stack test/;

describeLogicalCheck(ownData, [
  {
    fault: "a subscriber is a standby",
    evidence: server("pg-3", { inRecovery: true }),
    on: "pg-3",
    says: /in recovery/,
    remedy: /data volume/,
  },
]);

describeLogicalCheck(schemaFiles, [
  {
    fault: "a file was not applied",
    evidence: logical("pg-2", { schemaFiles: [] }),
    on: "pg-2",
    says: /not applied: schema\/001\.sql/,
    remedy: up,
  },
  {
    fault: "a file was changed after it was applied",
    evidence: logical("pg-2", { schemaFiles: [{ path: "schema/001.sql", sha256: "another" }] }),
    on: "pg-2",
    says: /changed after it was applied: schema\/001\.sql/,
    remedy: /a new file/,
  },
]);

/** A publication as the catalogue has it now, or as we set it last. */
function publication(name: string, change: (catalogue: Record<string, unknown>) => object): Fault {
  return (evidence) => {
    const observed = evidence.observed.nodes[0]!.server!.logical!.publications;
    const changed = observed.map((each) =>
      each.name === name
        ? {
            ...each,
            catalogue: JSON.stringify({ ...JSON.parse(each.catalogue), ...change(JSON.parse(each.catalogue)) }),
          }
        : each,
    );
    return logical("pg-1", { publications: changed })(evidence);
  };
}

function records(change: (records: Record<string, { declared: string; catalogue: string }>) => object): Fault {
  return (evidence) => {
    const recorded = change({ ...evidence.observed.nodes[0]!.server!.logical!.publicationRecords });
    return logical("pg-1", { publicationRecords: recorded as Record<string, never> })(evidence);
  };
}

describeLogicalCheck(publications, [
  {
    fault: "a table was dropped by hand",
    evidence: publication("orders_pub", () => ({ tables: [] })),
    says: /orders_pub was altered by hand: table public\.orders was dropped$/,
    remedy: up,
  },
  {
    fault: "a table was added by hand",
    evidence: publication("orders_pub", () => ({
      tables: [
        [["public", "orders"], 16600, null, null],
        [["public", "audit"], 16601, null, null],
      ],
    })),
    says: /table public\.audit was added$/,
    remedy: up,
  },
  {
    fault: "a filter was altered by hand",
    evidence: publication("users_pub", () => ({
      tables: [[["public", "users"], 16700, ["id", "name", "active"], "(id > 7)"]],
    })),
    says: /the filter of public\.users: \(id > 7\) in place of active$/,
    remedy: up,
  },
  {
    fault: "a column list was altered by hand",
    evidence: publication("users_pub", () => ({ tables: [[["public", "users"], 16700, null, "active"]] })),
    says: /the columns of public\.users: all in place of id, name, active$/,
    remedy: up,
  },
  {
    fault: "a table was taken out by hand and put back",
    evidence: publication("orders_pub", () => ({ tables: [[["public", "orders"], 16700, null, null]] })),
    says: /table public\.orders was taken out and put back$/,
    remedy: up,
  },
  {
    fault: "a publication was dropped by hand and made again",
    evidence: publication("orders_pub", () => ({ oid: 16401 })),
    says: /orders_pub was altered by hand: it was dropped and made again$/,
    remedy: up,
  },
  {
    fault: "operations were altered by hand",
    evidence: publication("orders_pub", () => ({ operations: [true, false, true, false] })),
    says: /its operations: insert, delete in place of insert, update, delete, truncate$/,
    remedy: up,
  },
  {
    fault: "a publication was dropped",
    evidence: (evidence) => {
      const { publications } = evidence.observed.nodes[0]!.server!.logical!;
      return logical("pg-1", { publications: publications.filter(({ name }) => name !== "orders_pub") })(evidence);
    },
    says: /publication orders_pub is missing/,
    remedy: up,
  },
  {
    fault: "it is not ours",
    evidence: records(({ orders_pub: _, ...rest }) => rest),
    says: /orders_pub was made by hand/,
    remedy: up,
  },
  {
    fault: "the declaration has changed since",
    evidence: records((all) => ({ ...all, orders_pub: { ...all.orders_pub!, declared: "{}" } })),
    says: /orders_pub is not yet as declared/,
    remedy: up,
  },
  {
    fault: "one is left over",
    evidence: (evidence) => {
      const { publications, publicationRecords } = evidence.observed.nodes[0]!.server!.logical!;
      return logical("pg-1", {
        publications: [...publications, { name: "old_pub", catalogue: "{}", tables: [] }],
        publicationRecords: { ...publicationRecords, old_pub: { declared: "{}", catalogue: "{}" } },
      })(evidence);
    },
    says: /old_pub is no longer declared/,
    remedy: up,
  },
]);

/** The table of a node with its columns changed. */
function columns(node: string, table: string, change: (columns: readonly object[]) => readonly object[]): Fault {
  const tables = userTables.map((each) => (each.name === table ? { ...each, columns: change(each.columns) } : each));
  return logical(node, { tables: tables as typeof userTables });
}

const added = (column: object) => columns("pg-2", "orders", (all) => [...all, column]);

describeLogicalCheck(schemaParity, [
  {
    fault: "a table is missing",
    evidence: logical("pg-2", { tables: userTables.filter(({ name }) => name !== "orders") }),
    on: "pg-2",
    says: /public\.orders: the table is missing/,
    remedy: /new schema file/,
  },
  {
    fault: "a published column is missing",
    evidence: columns("pg-2", "users", (all) => all.filter((each) => !("name" in each) || each.name !== "name")),
    on: "pg-2",
    says: /public\.users: column name is missing/,
    remedy: /new schema file/,
  },
  {
    fault: "a type differs",
    evidence: columns("pg-2", "orders", (all) => all.map((each) => ({ ...each, type: "text" }))),
    on: "pg-2",
    says: /column amount is text, on the publisher it is numeric\(12,2\); column id is text/,
    remedy: /new schema file/,
  },
  {
    fault: "a column of its own can't be filled",
    evidence: added({ name: "own", type: "text", notNull: true, generated: false, hasDefault: false }),
    on: "pg-2",
    says: /column own is not published, NOT NULL, and has no default/,
    remedy: /new schema file/,
  },
]);

describe("schema-parity", () => {
  const cluster = { mode: "logical" } as const;

  test("a column that refuses NULL where the publisher does not is found on every subscriber that has it", () => {
    const evidence = columns("pg-1", "orders", (all) => all.map((each) => ({ ...each, notNull: false })));
    expect(failures(schemaParity, { cluster, evidence }).map(({ node }) => node)).toEqual(["pg-2", "pg-3"]);
  });

  test("a table that publishes updates needs a replica identity", () => {
    const evidence = logical("pg-1", {
      tables: userTables.map((each) => ({ ...each, replicaIdentity: "none" as const, keyColumns: [] })),
    });
    const found = failures(schemaParity, { cluster, evidence });
    expect(found.map(({ node, detail }) => [node, detail.split(" ")[0]])).toEqual([
      ["pg-1", "public.orders"],
      ["pg-1", "public.users"],
    ]);
    for (const { remedy } of found) expect(remedy).toMatch(/ADD PRIMARY KEY|REPLICA IDENTITY FULL/);
  });

  test.each<[string, Fault]>([
    ["the order of the columns", columns("pg-2", "orders", (all) => [...all].reverse())],
    ["a column that is not published", columns("pg-2", "users", (all) => all.slice(0, 3))],
    ["a column more that may be null", added({ name: "own", type: "text", notNull: false, generated: false })],
    [
      "a column more with a default",
      added({ name: "own", type: "text", notNull: true, generated: false, hasDefault: true }),
    ],
  ])("%s makes no difference", (_, evidence) => {
    expect(failures(schemaParity, { cluster, evidence })).toEqual([]);
  });
});
