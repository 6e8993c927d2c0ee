import { expect, test, vi } from "vitest";
import type { PublishedTable } from "../../../configs/spec.ts";
import { refuseUnsafeLogical } from "../../../operations/logical/refuseUnsafeLogical.ts";
import type { ObservedNode } from "../../../operations/observed.ts";
import { type LogicalDeclaration, logicalDesiredOf } from "./support/logicalDesired.ts";
import { emptyWorld } from "./support/logicalWorld/build.ts";
import { look } from "./support/logicalWorld/look.ts";
import { up } from "./support/logicalWorld/up.ts";

vi.mock(import("../../../operations/scram.ts"), () => import("./support/plainPasswords.ts"));

const declaration = {
  nodes: ["pg-1", "pg-2", "pg-3"],
  schema: { "1.sql": ["public.a", "public.b"], "2.sql": ["sales.c"] },
  publications: [publishing({ schema: "public", name: "a" })],
};

function publishing(...tables: PublishedTable[]) {
  return {
    name: "p",
    content: { kind: "tables" as const, tables },
    operations: ["insert", "update", "delete"] as const,
    subscribers: ["pg-2", "pg-3"],
  };
}

/** A change of what is observed on one node. */
type Change = (node: ObservedNode) => ObservedNode;

interface Case {
  readonly name: string;
  readonly publications?: (typeof declaration)["publications"];
  readonly schema?: Readonly<Record<string, readonly string[]>>;
  readonly changes?: Readonly<Record<string, Change>>;
  readonly reason: RegExp;
}

const cases: Case[] = [
  {
    name: "data of a standby",
    changes: { "pg-2": withData({ standbySignal: true }) },
    reason: /^pg-2 holds the data of a standby, .* destroy this one with --delete-data\.$/,
  },
  {
    name: "a data directory that is none",
    changes: { "pg-3": withBrokenData },
    reason: /^The data directory of pg-3 has no global\/pg_control/,
  },
  {
    name: "an empty publisher beside subscribers with data",
    changes: { "pg-1": withoutData },
    reason: /^The publisher pg-1 has no data, but pg-2, pg-3 has\. Nothing was changed\. Restore/,
  },
  {
    name: "a subscriber as the publisher",
    changes: {
      "pg-1": withLogical(() => ({
        copiedTables: [{ schema: "public", name: "a", definition: "stale", publisher: "1", begun: true }],
      })),
    },
    reason: /^pg-1 is declared the publisher, but is a subscriber: .* Set `postgres-cluster:primary` back/,
  },
  {
    name: "rows of another publisher",
    changes: { "pg-2": withLogical((each) => ({ copiedTables: each.copiedTables.map(fromElsewhere) })) },
    reason: /^pg-2 holds rows that were copied from another publisher \(system identifier 666, pg-1's is \d+\)/,
  },
  {
    name: "a changed schema file",
    changes: { "pg-3": withLogical(() => ({ schemaFiles: [{ path: "1.sql", sha256: "0".repeat(64) }] })) },
    reason: /^1\.sql was changed after it had been applied on pg-3 \(applied 000000000000, now [0-9a-f]{12}\)/,
  },
  {
    name: "a withdrawn schema file that a node without data would need",
    schema: { "1.sql": ["public.a", "public.b"] },
    changes: { "pg-3": withoutData },
    reason:
      /^pg-3 has not applied 2\.sql, as pg-1, pg-2 did, and `schema` no longer declares it: .* Put it back into `schema`, where it was\. Or, .* of pg-1: DELETE FROM postgres_cluster\.schema_files WHERE path IN \('2\.sql'\);$/,
  },
  {
    name: "a withdrawn schema file that another node has not got to",
    schema: { "1.sql": ["public.a", "public.b"] },
    changes: {
      "pg-2": withLogical(({ schemaFiles }) => ({ schemaFiles: schemaFiles.filter(({ path }) => path === "1.sql") })),
    },
    reason: /^pg-2 has not applied 2\.sql, as pg-1, pg-3 did/,
  },
  {
    name: "a published table that is not there",
    publications: [publishing({ schema: "public", name: "gone" })],
    reason: /^publication p: table public\.gone does not exist on pg-1\. Create it in a schema file/,
  },
  {
    name: "a published column that is not there",
    publications: [publishing({ schema: "public", name: "a", columns: ["id", "gone"] })],
    reason: /^publication p: table public\.a has no column gone\. Its columns: id, x, y\.$/,
  },
  {
    name: "no replica identity",
    changes: { "pg-1": withIdentity("none", []) },
    reason: /^publication p: table public\.a has no replica identity, so with update and delete published/,
  },
  {
    name: "a column list with replica identity full",
    publications: [publishing({ schema: "public", name: "a", columns: ["id", "x"] })],
    changes: { "pg-1": withIdentity("full", []) },
    reason: /^publication p: table public\.a has replica identity full, with which updates and deletes/,
  },
  {
    name: "a column list without the key",
    publications: [publishing({ schema: "public", name: "a", columns: ["x"] })],
    reason:
      /^publication p: table public\.a is published without id of its replica identity\. Add it to its columns\.$/,
  },
];

test.each(cases)("$name is refused", ({ publications, schema, changes, reason }) => {
  expect(reasonsFor(publications, changes, schema && { schema })).toEqual([expect.stringMatching(reason)]);
});

test("a withdrawn schema file that every node has, or that the publisher never got to, is not refused", () => {
  const schema = { "1.sql": ["public.a", "public.b"] };
  expect(reasonsFor(undefined, {}, { schema })).toEqual([]);
  const withoutIt = withLogical(({ schemaFiles }) => ({
    schemaFiles: schemaFiles.filter(({ path }) => path === "1.sql"),
  }));
  expect(reasonsFor(undefined, { "pg-1": withoutIt, "pg-2": withoutData }, { schema })).toEqual([]);
});

test("of a node that does not run nothing is known", () => {
  const stopped: Change = ({ name }) => ({ name, container: "stopped" });
  expect(reasonsFor(undefined, { "pg-3": stopped }, { schema: { "1.sql": ["public.a", "public.b"] } })).toEqual([]);
});

test("all reasons are told at once", () => {
  const publications = [
    publishing(
      { schema: "public", name: "gone" },
      { schema: "public", name: "a", columns: ["id", "gone"] },
      { schema: "public", name: "b", columns: ["x"] },
    ),
  ];
  const changes = {
    "pg-2": (node: ObservedNode) =>
      withData({ standbySignal: true })(
        withLogical(({ copiedTables }) => ({
          copiedTables: copiedTables.map(fromElsewhere),
          schemaFiles: [{ path: "2.sql", sha256: "0" }],
        }))(node),
      ),
    "pg-3": withoutData,
  };
  expect(reasonsFor(publications, changes)).toEqual([
    expect.stringMatching(/^pg-2 holds the data of a standby/),
    expect.stringMatching(/^pg-2 holds rows that were copied from another publisher/),
    expect.stringMatching(/^2\.sql was changed after it had been applied on pg-2/),
    expect.stringMatching(/public\.gone does not exist/),
    expect.stringMatching(/public\.a has no column gone/),
    expect.stringMatching(/public\.b is published without id/),
  ]);
});

test("a copy that was never begun, and inserts without a replica identity, are not refused", () => {
  const publications = [{ ...publishing({ schema: "public", name: "a" }), operations: ["insert"] as const }];
  const changes = {
    "pg-1": withIdentity("none", []),
    "pg-2": withLogical(({ copiedTables }) => ({
      copiedTables: copiedTables.map((each) => ({ ...fromElsewhere(each), begun: false })),
    })),
  };
  expect(reasonsFor(publications, changes)).toEqual([]);
});

test("a base backup is refused where a table has no replica identity, though only inserts are published", () => {
  const changes = { "pg-1": withIdentity("none", []), "pg-3": withoutData };
  const publications = [
    { ...publishing(), content: { kind: "allTables" }, operations: ["insert"] },
  ] satisfies LogicalDeclaration["publications"];
  expect(reasonsFor(publications, changes, { initialCopy: "fromBaseBackup" })).toEqual([
    expect.stringMatching(/^pg-3 can't be made from a base backup: .* updates and deletes of public\.a, without/),
  ]);
  expect(reasonsFor(publications, changes, { initialCopy: "copy" })).toEqual([]);
  expect(reasonsFor(publications, { "pg-1": withIdentity("none", []) }, { initialCopy: "fromBaseBackup" })).toEqual([]);
});

/** Each a line, for a cluster that was brought up and is then `changes` away from it. */
function reasonsFor(
  publications: LogicalDeclaration["publications"] = declaration.publications,
  changes: Readonly<Record<string, Change>> = {},
  { schema = declaration.schema, initialCopy = "copy" }: Partial<LogicalDeclaration> = {},
): string[] {
  const desired = logicalDesiredOf(declaration);
  const world = emptyWorld(desired);
  expect(up(world, desired).end).toBe("done");
  const { nodes } = look(world, declaration.nodes);
  const [publisher, ...subscribers] = nodes.map((node) => changes[node.name]?.(node) ?? node);
  const { plan } = logicalDesiredOf({ ...declaration, schema, publications, initialCopy });
  try {
    refuseUnsafeLogical(plan, publisher!, subscribers);
    return [];
  } catch (error) {
    return (error as Error).message.split("\n");
  }
}

function withData(data: object): Change {
  return (node) => ({ ...node, volumes: { ...node.volumes!, data: { ...node.volumes!.data!, ...data } } });
}

/** An empty volume: no server. */
function withoutData({ name, container, volumes }: ObservedNode): ObservedNode {
  const { data: _, ...rest } = volumes!;
  return { name, container, volumes: { ...rest, directories: [] }, serverError: "no data" };
}

function withBrokenData(node: ObservedNode): ObservedNode {
  const empty = withoutData(node);
  return { ...empty, volumes: { ...empty.volumes!, directories: ["data"] } };
}

function withLogical(change: (logical: Logical) => Partial<Logical>): Change {
  return (node) => {
    const logical = node.server!.logical!;
    return { ...node, server: { ...node.server!, logical: { ...logical, ...change(logical) } } };
  };
}
type Logical = NonNullable<NonNullable<ObservedNode["server"]>["logical"]>;

function withIdentity(replicaIdentity: "none" | "full", keyColumns: readonly string[]): Change {
  return withLogical(({ tables }) => ({
    tables: tables.map((table) => (table.name === "a" ? { ...table, replicaIdentity, keyColumns } : table)),
  }));
}

function fromElsewhere(table: Logical["copiedTables"][number]) {
  return { ...table, publisher: "666" };
}
