import { describe, expect, test } from "vitest";
import type { RawConfig } from "../../../configs/rawConfig.ts";
import { logicalConfig, logicalFaults, logicalReader } from "./logicalSpecs.ts";
import { faultsOf, quorumConfig, specOf } from "./specs.ts";

const schema = `
create table users (id bigint primary key, name text, email text, active boolean not null, grown int generated always as (1) stored);
create unique index users_identity on users (id, active);
alter table users replica identity using index users_identity;
create table orders (id bigint primary key, user_id bigint);
create table logs (line text);
create schema audit create table trail (id int primary key);
create unlogged table scratch (id int primary key);
create view everybody as select * from users;
`;

/** The whole text that a user sees, or "" where the config is valid. */
const faults = (overrides: RawConfig = {}, sql = schema, stack = "test") =>
  logicalFaults(overrides, { "schema.sql": sql }, stack);

const specFor = (overrides: RawConfig = {}, sql = schema) =>
  specOf(logicalConfig(overrides), "test", logicalReader({ "schema.sql": sql }));

const publication = (more: RawConfig, name = "p"): RawConfig => ({ name, ...more });
const tables = (...list: unknown[]): RawConfig => ({ publications: [publication({ tables: list })] });

describe("a valid config of mode logical", () => {
  test("gets every default: all operations, every node but the publisher, table by table", () => {
    expect(specFor().logical).toEqual({
      schemaFiles: [{ path: "schema.sql", text: schema }],
      publications: [
        {
          name: "users_pub",
          content: { kind: "tables", tables: [{ schema: "public", name: "users" }] },
          operations: ["insert", "update", "delete", "truncate"],
          subscribers: ["pg-2", "pg-3", "pg-4"],
        },
      ],
      initialCopy: "copy",
    });
  });

  test("keeps the orders that PostgreSQL and the nodes have, whatever the lists' are", () => {
    const { logical } = specFor({
      publications: [
        publication({
          tables: [{ name: "orders" }],
          operations: ["truncate", "insert"],
          subscribers: ["pg-4", "pg-2"],
        }),
      ],
    });
    expect(logical?.publications[0]).toMatchObject({
      operations: ["insert", "truncate"],
      subscribers: ["pg-2", "pg-4"],
    });
  });

  test("may publish column lists and filters, schemas, or all tables", () => {
    const filtered = { name: "public.users", columns: ["id", "name", "active"], where: "active and id > 5" };
    expect(faults(tables(filtered))).toBe("");
    expect(faults({ publications: [publication({ schemas: ["audit"] })] })).toBe("");
    expect(faults({ publications: [publication({ allTables: true, operations: ["insert"] })] })).toBe("");
  });

  test("may publish one table twice, to different subscribers", () => {
    const one = (name: string, subscriber: string) =>
      publication({ tables: [{ name: "orders" }], subscribers: [subscriber] }, name);
    expect(faults({ publications: [one("p", "pg-2"), one("q", "pg-3")] })).toBe("");
  });

  test("names tables exactly, and quoted where they hold a dot or a blank", () => {
    const sql =
      'create table "My.Table" ("Id" int primary key); create schema "S p"; create table "S p".t (id int primary key);';
    const spec = specFor(tables({ name: '"My.Table"', columns: ["Id"] }, { name: '"S p".t' }), sql);
    expect(spec.logical?.publications[0]?.content).toEqual({
      kind: "tables",
      tables: [
        { schema: "public", name: "My.Table", columns: ["Id"] },
        { schema: "S p", name: "t" },
      ],
    });
  });
});

/** What is wrong, what the user is shown of it: path and problem; the stack's name where it matters. */
const refused: [what: string, overrides: RawConfig, path: string, problem: RegExp, stack?: string][] = [
  ["no schema", { schema: [] }, "schema", /is missing/],
  ["schema as a text", { schema: "schema.sql" }, "schema", /is no list/],
  ["a file outside", { schema: ["../x.sql"] }, "schema[0]", /is outside configs\//],
  ["an absolute path", { schema: ["/etc/x.sql"] }, "schema[0]", /is outside configs\//],
  ["another way to write a path", { schema: ["./schema.sql"] }, "schema[0]", /is no plain path/],
  ["no SQL file", { schema: ["schema.txt"] }, "schema[0]", /is no SQL file/],
  ["a number as a file", { schema: [5] }, "schema[0]", /is no text/],
  ["a file listed twice", { schema: ["schema.sql", "schema.sql"] }, "schema[1]", /is the same as schema\[0\]/],
  ["no publications", { publications: undefined }, "publications", /is missing/],
  ["publications as a mapping", { publications: { name: "p" } }, "publications", /is no list/],
  ["no publication at all", { publications: [] }, "publications", /is missing/],
  ["a publication that is none", { publications: ["p"] }, "publications[0]", /is no mapping/],
  ["no name", { publications: [{ tables: [{ name: "orders" }] }] }, "publications[0].name", /is missing/],
  [
    "too long a name",
    { publications: [publication({ allTables: true, operations: ["insert"] }, "x".repeat(64))] },
    "publications[0].name",
    /is longer than 63 bytes/,
  ],
  [
    "the cluster's own name",
    { publications: [publication({ schemas: ["audit"] }, "postgres_cluster_x")] },
    "publications[0].name",
    /the cluster's own names/,
  ],
  [
    "one name twice",
    { publications: [publication({ schemas: ["audit"] }), publication({ tables: [{ name: "orders" }] })] },
    "publications[1].name",
    /is the same as publications\[0\]\.name/,
  ],
  [
    "an unknown key",
    { publications: [publication({ table: "orders", schemas: ["audit"] })] },
    "publications[0].table",
    /did you mean tables\?/,
  ],
  ["no content", { publications: [publication({})] }, "publications[0]", /says not what it publishes/],
  [
    "two contents",
    { publications: [publication({ schemas: ["audit"], tables: [{ name: "orders" }] })] },
    "publications[0]",
    /says twice what it publishes: tables, schemas/,
  ],
  [
    "allTables: false",
    { publications: [publication({ allTables: false })] },
    "publications[0].allTables",
    /is no choice/,
  ],
  ["empty tables", { publications: [publication({ tables: [] })] }, "publications[0].tables", /is empty/],
  ["empty schemas", { publications: [publication({ schemas: [] })] }, "publications[0].schemas", /is empty/],
  [
    "PostgreSQL's schema",
    { publications: [publication({ schemas: ["pg_catalog"] })] },
    "publications[0].schemas[0]",
    /of PostgreSQL itself/,
  ],
  [
    "our schema",
    { publications: [publication({ schemas: ["postgres_cluster"] })] },
    "publications[0].schemas[0]",
    /the cluster's own/,
  ],
  [
    "an unknown schema",
    { publications: [publication({ schemas: ["adit"] })] },
    "publications[0].schemas[0]",
    /created by no schema file[\s\S]*did you mean audit\?/,
  ],
  [
    "an unknown operation",
    { publications: [publication({ schemas: ["audit"], operations: ["upsert"] })] },
    "publications[0].operations[0]",
    /allowed: insert, update, delete, truncate/,
  ],
  [
    "no operation",
    { publications: [publication({ schemas: ["audit"], operations: [] })] },
    "publications[0].operations",
    /is empty/,
  ],
  [
    "an operation twice",
    { publications: [publication({ schemas: ["audit"], operations: ["insert", "insert"] })] },
    "publications[0].operations[1]",
    /is the same as/,
  ],
  [
    "an unknown subscriber",
    { publications: [publication({ schemas: ["audit"], subscribers: ["pg-22"] })] },
    "publications[0].subscribers[0]",
    /is the name of no node[\s\S]*did you mean pg-2\?/,
  ],
  [
    "the publisher as subscriber",
    { publications: [publication({ schemas: ["audit"], subscribers: ["pg-1"] })] },
    "publications[0].subscribers[0]",
    /is the publisher itself/,
  ],
  [
    "no subscriber",
    { publications: [publication({ schemas: ["audit"], subscribers: [] })] },
    "publications[0].subscribers",
    /is empty/,
  ],
  ["a table that is no name", tables({ name: "a.b.c" }), "publications[0].tables[0].name", /is no name of a table/],
  ["a table as a text", tables("orders"), "publications[0].tables[0]", /is no mapping/],
  [
    "one table twice",
    tables({ name: "orders" }, { name: "public.orders" }),
    "publications[0].tables[1].name",
    /is the same as publications\[0\]\.tables\[0\]\.name/,
  ],
  [
    "an unknown table",
    tables({ name: "Orders" }),
    "publications[0].tables[0].name",
    /created by no schema file[\s\S]*did you mean public\.orders\?/,
  ],
  ["a view", tables({ name: "everybody" }), "publications[0].tables[0].name", /is a view/],
  ["an unlogged table", tables({ name: "scratch" }), "publications[0].tables[0].name", /is an unlogged table/],
  [
    "a table without identity",
    tables({ name: "logs" }),
    "publications[0].tables[0].name",
    /no replica identity[\s\S]*add a primary key to public\.logs/,
  ],
  [
    "one in a schema without identity",
    { publications: [publication({ schemas: ["public"] })] },
    "publications[0].schemas",
    /includes public\.logs, which has no replica identity/,
  ],
  [
    "one of all without identity",
    { publications: [publication({ allTables: true })] },
    "publications[0].allTables",
    /includes public\.logs/,
  ],
  ["no columns", tables({ name: "orders", columns: [] }), "publications[0].tables[0].columns", /is empty/],
  [
    "a column twice",
    tables({ name: "orders", columns: ["id", "id"] }),
    "publications[0].tables[0].columns[1]",
    /is the same as/,
  ],
  [
    "an unknown column",
    tables({ name: "orders", columns: ["id", "user"] }),
    "publications[0].tables[0].columns",
    /names user, which is no column of public\.orders/,
  ],
  [
    "a generated column",
    tables({ name: "users", columns: ["id", "active", "grown"] }),
    "publications[0].tables[0].columns",
    /a generated column/,
  ],
  [
    "columns without the key",
    tables({ name: "users", columns: ["name"] }),
    "publications[0].tables[0].columns",
    /leaves out id, active of the replica identity/,
  ],
  ["an empty filter", tables({ name: "users", where: " " }), "publications[0].tables[0].where", /is empty/],
  [
    "a filter that is no SQL",
    tables({ name: "users", where: "active and" }),
    "publications[0].tables[0].where",
    /is no SQL expression: syntax error at/,
  ],
  [
    "a filter outside of the identity",
    tables({ name: "users", where: "email is null" }),
    "publications[0].tables[0].where",
    /refers to email outside of the replica identity \(id, active\)[\s\S]*unique index on \(id, active, email\)/,
  ],
  [
    "a filter on no column",
    tables({ name: "users", where: "activ" }),
    "publications[0].tables[0].where",
    /refers to activ, which is no column[\s\S]*did you mean active\?/,
  ],
  [
    "another way to copy",
    { initialCopy: "fromDump" },
    "initialCopy",
    /is no way to copy[\s\S]*copy \(table by table.*or fromBaseBackup/,
  ],
  [
    "a base backup of some tables",
    { ...tables({ name: "users", columns: ["id"] }), initialCopy: "fromBaseBackup" },
    "publications[0].tables",
    /every table, row and column[\s\S]*allTables: true[\s\S]*initialCopy to copy/,
  ],
  [
    "a base backup of a schema",
    { publications: [{ name: "p", schemas: ["public"] }], initialCopy: "fromBaseBackup" },
    "publications[0].schemas",
    /every table, row and column/,
  ],
  ["one node", { nodes: [{ name: "pg-1", port: 5452 }] }, "nodes", /a publisher without a subscriber/],
  ["a database named like a role", { database: "subscriber_pg_2" }, "database", /names of the subscribers' roles/],
  [
    "too long a name for a volume",
    {
      nodes: [
        { name: "pg-1", port: 1 },
        { name: "n".repeat(53), port: 2 },
      ],
    },
    "nodes[1].name",
    /too long/,
  ],
  [
    "too long a name for a role, though not for a volume",
    {
      nodes: [
        { name: "pg-1", port: 1 },
        { name: "n".repeat(53), port: 2 },
      ],
    },
    "nodes[1].name",
    /too long for mode logical: the role subscriber_NAME must fit[\s\S]*up to 52 characters/,
    "ab",
  ],
  ["a quorum's key", { synchronous: { number: 1 } }, "synchronous", /belongs to mode quorum, and the mode is logical/],
];

describe("refused, with the path, is", () => {
  test.each(refused)("%s", (_, overrides, path, problem, stack) => {
    const text = faults(overrides, schema, stack);
    expect(text).toContain(`\n  ${path}`);
    expect(text).toMatch(problem);
  });
});

describe("publications that reach the same subscriber with one table", () => {
  const orders = publication({ tables: [{ name: "orders" }] });
  const trail = publication({ tables: [{ name: "audit.trail" }] }, "q");
  test.each([
    ["table and table", [orders, { ...orders, name: "q" }], 'publications[1].tables[0].name = "public.orders"'],
    ["schema and table", [publication({ schemas: ["audit"] }), trail], "publications[1].tables[0].name"],
    ["table and schema", [trail, publication({ schemas: ["audit"] })], "publications[1].schemas[0]"],
    [
      "schema and schema",
      [publication({ schemas: ["audit"] }), publication({ schemas: ["audit"] }, "q")],
      "publications[1].schemas[0]",
    ],
    [
      "all and table",
      [publication({ allTables: true, operations: ["insert"] }, "q"), orders],
      "publications[1].tables[0].name",
    ],
    [
      "schema and all",
      [publication({ schemas: ["audit"] }), publication({ allTables: true, operations: ["insert"] }, "q")],
      "publications[1].allTables",
    ],
  ])("%s are refused", (_, publications, path) => {
    const text = faults({ publications });
    expect(text).toContain(path);
    expect(text).toMatch(/: 1 fault;[\s\S]*reaches pg-2, pg-3, pg-4 by publications\[0\] as well/);
  });
});

describe("a schema file", () => {
  test.each([
    [
      "that does not parse",
      "create table a (id int primary key);\n\n  create tabel b ();",
      /schema\[0\] = "schema.sql"\n {4}line 3, column 10: syntax error at or near "tabel"/,
    ],
    ["with a command of psql", "\\connect app", /line 1, column 1: syntax error at or near "\\"/],
    ["with a mistake after letters of several bytes", "select 'é🙂'; seelct 1", /line 1, column 14: /],
    ["with nothing in it", "-- later\n", /holds no statement/],
    ["with a NUL byte", "select 1;\0", /holds a NUL byte/],
    ["that commits", "-- a\n/* b */ begin;", /line 2, column 9: begins or ends a transaction/],
    [
      "that commits after letters of several bytes",
      "select 'é🙂';\n/* ü */ select '🙂', 'é'; select 'é🙂'; /* 🙂 */ commit;",
      /line 2, column 47: begins or ends a transaction/,
    ],
    ["with CREATE DATABASE", "create database x;", /CREATE DATABASE cannot run in a transaction/],
    ["with an index built CONCURRENTLY", "create index concurrently on users (id);", /do: leave CONCURRENTLY out/],
    ["with VACUUM", "vacuum;", /VACUUM cannot run/],
    ["with COPY FROM STDIN", "copy a from stdin;", /has no client here/],
    ["with a publication", "create publication x for all tables;", /are declared in the stack config/],
    ["with a dropped publication", "drop publication x;", /are declared in the stack config/],
    ["with a subscription", "drop subscription x;", /are declared in the stack config/],
    [
      "that fills a published table",
      `${schema}insert into users values (1);`,
      /inserts into public.users, which publications\[0\] publishes/,
    ],
  ])("%s is refused", (_, sql, problem) => {
    expect(faults({}, sql)).toMatch(problem);
  });

  test.each([
    "savepoint a; release a;",
    "analyze;",
    "reindex table users;",
    "insert into logs values ('a');",
    "create role r; grant select on users to r;",
    "set local lock_timeout = '1s';",
    "create function f() returns int language sql as 'select 1';",
  ])("may hold %s", (sql) => expect(faults({}, `${schema}${sql}`)).toBe(""));

  test("that could not be read says why, and what it would have created is not missed", () => {
    const text = logicalFaults({}, { "schema.sql": { problem: "there is no such file" } });
    expect(text).toMatch(/: 1 fault;[\s\S]*schema\[0\] = "schema.sql"\n {4}there is no such file/);
  });

  test("that does not parse hides nothing that others are to blame for", () => {
    const files = { "a.sql": "create table t (;", "b.sql": "create table logs ();" };
    const text = logicalFaults({ schema: ["a.sql", "b.sql"], ...tables({ name: "t" }, { name: "logs" }) }, files);
    expect(text).toMatch(/: 2 faults;/);
    expect(text).toMatch(/schema\[0\]/);
    expect(text).toMatch(/tables\[1\]\.name[\s\S]*no replica identity/);
  });

  test("knows tables of earlier files, and forgets their search_path", () => {
    const files = {
      "a.sql": "create schema s; set search_path to s; create table t (id int primary key);",
      "b.sql": "alter table s.t drop constraint t_pkey; create table u (id int primary key);",
    };
    const text = logicalFaults({ schema: ["a.sql", "b.sql"], ...tables({ name: "s.t" }, { name: "public.u" }) }, files);
    expect(text).toMatch(/: 1 fault;[\s\S]*name = "s\.t"\n {4}has no replica identity/);
  });
});

describe("keys of mode logical", () => {
  test.each(["schema", "publications", "initialCopy"])("%s is refused in other modes", (key) => {
    const value = key === "initialCopy" ? "copy" : ["x"];
    expect(faultsOf(quorumConfig({ [key]: value }))).toMatch(
      new RegExp(`${key} = .*\\n {4}belongs to mode logical, and the mode is quorum`),
    );
  });

  test("are checked where the mode itself is at fault: all faults at once", () => {
    const text = faults({ mode: "logicall", publications: [{ name: "p" }] });
    expect(text).toMatch(/mode = "logicall"/);
    expect(text).toMatch(/says not what it publishes/);
  });

  test("need what reads them: to forget it is a bug", () => {
    expect(() => specOf(logicalConfig())).toThrow(/was not handed its reader/);
  });
});

describe("parameters of mode logical", () => {
  const parameters = (values: RawConfig, own: RawConfig = {}) => {
    const { nodes } = logicalConfig() as { nodes: RawConfig[] };
    return faults({
      parameters: values,
      nodes: nodes.map((node) => (node.name === "pg-2" ? { ...node, parameters: own } : node)),
    });
  };

  test.each([
    [
      "too few workers for a subscription",
      { max_logical_replication_workers: 4 },
      {},
      /parameters\.max_logical_replication_workers = "4"\n.*uses up to 7/,
    ],
    [
      "on a single node",
      {},
      { max_logical_replication_workers: 2 },
      /nodes\[1\]\.parameters\.max_logical_replication_workers/,
    ],
    [
      "more tables at a time than workers",
      { max_sync_workers_per_subscription: 9 },
      {},
      /max_sync_workers_per_subscription = "9"\n.*uses up to 12/,
    ],
    ["no worker to copy with", { max_sync_workers_per_subscription: 0 }, {}, /leaves no worker to copy a table with/],
    ["too few processes", { max_worker_processes: 8 }, {}, /max_worker_processes = "8"\n.*too few processes/],
    [
      "too few senders",
      { max_wal_senders: 14 },
      {},
      /max_wal_senders = "14"\n.*is too few for 3 subscribers[\s\S]*from 15/,
    ],
    [
      "too few slots",
      { max_replication_slots: 14 },
      {},
      /max_replication_slots = "14"\n.*is too few for 3 subscribers/,
    ],
    [
      "too few origins",
      {},
      { max_replication_slots: 4 },
      /nodes\[1\]\.parameters\.max_replication_slots = "4"\n.*5 replication origins/,
    ],
  ])("%s: refused", (_, values, own, problem) => expect(parameters(values, own)).toMatch(problem));

  test("that just suffice are taken, and may differ between nodes", () => {
    expect(
      parameters({ max_wal_senders: 15, max_replication_slots: 15 }, { max_connections: 50, max_worker_processes: 9 }),
    ).toBe("");
  });
});

test("all faults are reported in one go, with path, value, what is wrong, what is allowed and what to do", () => {
  const publications = [
    {
      name: "users_pub",
      tables: [{ name: "public.users", columns: ["id", "name", "email"], where: "deleted_at is null" }],
    },
    { name: "users_pub", schemas: ["public"], operations: ["upsert"], subscribers: ["pg-1", "pg-9"] },
    { name: "logs_pub", tables: [{ name: "logs" }, { name: "users" }] },
  ];
  const sql =
    "create table users (id int primary key, name text, email text, deleted_at date);\ncreate table logs ();\ncommit;";
  expect(faults({ publications }, sql)).toMatchInlineSnapshot(`
    "configs/Pulumi.test.yaml: 8 faults; nothing was changed.

      publications[0].tables[0].where = "deleted_at is null"
        refers to deleted_at outside of the replica identity (id): the publisher would refuse updates and deletes
        allowed: columns of the replica identity, or the operations insert and truncate only
        do: in a schema file, create a unique index on (id, deleted_at), all of them NOT NULL (beside one that may be NULL keep a boolean to filter by), and \`alter table … replica identity using index …\`, and list deleted_at in \`columns\`

      publications[1].name = "users_pub"
        is the same as publications[0].name
        allowed: a name that no other publication has

      publications[1].operations[0] = "upsert"
        is no operation
        allowed: insert, update, delete, truncate

      publications[1].subscribers[0] = "pg-1"
        is the publisher itself
        allowed: pg-2, pg-3, pg-4

      publications[1].subscribers[1] = "pg-9"
        is the name of no node
        allowed: pg-2, pg-3, pg-4
        do: did you mean pg-2?

      publications[2].tables[0].name = "public.logs"
        has no replica identity, and updates or deletes are published: the publisher would refuse them
        allowed: tables with a primary key or another replica identity, or the operations insert and truncate only
        do: add a primary key to public.logs in a schema file, or \`alter table … replica identity using index …\` (unique, of NOT NULL columns), or \`… replica identity full\` (each update and delete then sends and searches the whole row)

      publications[2].tables[1].name = "public.users"
        reaches pg-2, pg-3, pg-4 by publications[0] as well
        allowed: each table by one publication for each subscriber
        do: take it out of one of the two, or give them different subscribers

      schema[0] = "schema.sql"
        line 3, column 1: begins or ends a transaction, and a file is applied in one
        allowed: statements that can run in one transaction, on every node
        do: remove it"
  `);
});
