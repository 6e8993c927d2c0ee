import type { Operation } from "../../../../configs/spec.ts";

/** A table of a schema and how it is published. */
export interface Candidate {
  /** Of `schemas`. */
  readonly schema: string;
  readonly columns: readonly string[] | undefined;
  readonly where: string | undefined;
  readonly operations: readonly Operation[];
}

/** Each makes what is called `t`, in a way that decides whether and how it can be published. */
export const schemas: Readonly<Record<string, string>> = {
  "primary key": "create table t (id int primary key, a int not null, b int);",
  "primary key of two": "create table t (id int, a int, b int, primary key (id, a));",
  "no key": "create table t (id int not null, a int not null, b int);",
  "unique, not used": "create table t (id int not null unique, a int not null, b int);",
  full: "create table t (id int, a int, b int); alter table t replica identity full;",
  "primary key and full":
    "create table t (id int primary key, a int, b int); alter table only t replica identity full;",
  nothing: "create table t (id int primary key, a int, b int); alter table t replica identity nothing;",
  "back to the primary key":
    "create table t (id int primary key, a int, b int); alter table t replica identity full; alter table t replica identity default;",
  index:
    "create table t (id int primary key, a int not null, b int); create unique index i on t (id, a) include (b); alter table t replica identity using index i;",
  "constraint's index":
    "create table t (id int not null, a int not null, b int, constraint k unique (a, id)); alter table t replica identity using index k;",
  "index of a default name":
    "create table t (id int not null, a int not null unique, b int); alter table t replica identity using index t_a_key;",
  "index renamed":
    "create table t (id int not null, a int not null, b int); create unique index i on t (id); alter table t replica identity using index i; alter index i rename to j;",
  "constraint renamed":
    "create table t (id int not null, a int not null, b int, constraint k unique (a, id)); alter table t replica identity using index k; alter table t rename constraint k to l;",
  "index dropped":
    "create table t (id int primary key, a int not null, b int); create unique index i on t (id, a); alter table t replica identity using index i; drop index i;",
  "primary key dropped": "create table t (id int primary key, a int, b int); alter table t drop constraint t_pkey;",
  "primary key added later":
    "create table t (id int not null, a int, b int); alter table t add constraint k primary key (a);",
  "primary key by an index":
    "create table t (id int not null, a int, b int); create unique index i on t (id); alter table t add primary key using index i;",
  "deferrable primary key": "create table t (id int primary key deferrable, a int, b int);",
  "deferrable primary key of two":
    "create table t (id int, a int, b int, primary key (id, a) deferrable initially deferred);",
  "partial index":
    "create table t (id int not null, a int not null, b int); create unique index i on t (id) where a > 0;",
  "generated column": "create table t (id int primary key, a int generated always as (id + 1) stored, b int);",
  "generated no more":
    "create table t (id int primary key, a int generated always as (id + 1) stored, b int); alter table t alter column a drop expression;",
  "columns renamed":
    "create table t (x int primary key, a int, c int); alter table t rename x to id; alter table t rename column c to b;",
  "column dropped": "create table t (id int primary key, a int, b int); alter table t drop column a;",
  "key column dropped": "create table t (id int, a int, b int, primary key (id, a)); alter table t drop column a;",
  "column added": "create table t (id int, b int); alter table t add column if not exists a int primary key;",
  "table renamed": "create table s (id int primary key, a int, b int); alter table s rename to t;",
  "other schema":
    "create schema x create table t (id int primary key, a int, b int); alter table x.t set schema public;",
  "search path":
    "set local search_path to x, public; create schema x; create table t (id int); set local search_path to public;",
  "dropped and made anew":
    "create table t (id int, a int, b int); drop table t; create table t (id int, a int primary key, b int);",
  "made once": "create table t (id int primary key, a int, b int); create table if not exists t (id int);",
  unlogged: "create unlogged table t (id int primary key, a int, b int);",
  "logged later": "create unlogged table t (id int primary key, a int, b int); alter table t set logged;",
  view: "create table s (id int, a int, b int); create view t as select * from s;",
  "materialized view": "create table s (id int, a int, b int); create materialized view t as select * from s;",
  temporary: "create temporary table t (id int primary key, a int, b int);",
  "like another": "create table s (id int primary key, a int, b int); create table t (like s including all);",
  partitioned: "create table t (id int primary key, a int, b int) partition by range (id);",
  "from a query": "create table t as select 1 as id, 2 as a, 3 as b;",
  "from a block": "do $$ begin create table t (id int primary key, a int, b int); end $$;",
  "changed by a block":
    "create table t (id int, a int, b int); do $$ begin alter table t add primary key (id); end $$;",
  "changed by a function":
    "create table t (id int, a int, b int); create function f() returns void language sql as 'alter table t add primary key (a)'; select f();",
};

/** Of which the file says too little; the database must be asked. */
export const unfollowed = new Set([
  ...["like another", "partitioned", "from a query", "from a block", "changed by a block", "changed by a function"],
]);

const all = ["insert", "update", "delete", "truncate"] as const;
const operations: readonly (readonly Operation[])[] = [all, ["insert", "truncate"], ["delete"]];
const columns = [undefined, ["id"], ["a"], ["id", "a"], ["b", "a", "id"], ["id", "c"], ["B"]];
const filters = [undefined, "id > 1", "a > 1 and id > 0", "b is null"];

/** Put to the table with a replica identity by (id, a) only: they are about the expression itself. */
export const expressions = [
  ...[
    "t.a = 1",
    "s.a = 1",
    "public.t.a = 1",
    "c = 1",
    "A = 1",
    '"A" = 1',
    '"a" = 1',
    "a",
    "a = 1 -- one",
    "a /* x */ = 1",
  ],
  ...[
    "a = 1)",
    "(a = 1",
    "a) = (1",
    "a = 1) or (a = 2",
    "a = 1, id = 2",
    "a = 1; select 1",
    "",
    "a = 1 b",
    "a = 1 as b",
  ],
  ...[
    "a = 1 order by a",
    "a = 1) with (publish = 'insert'",
    "a in (1, 2)",
    "(a, id) = (1, 2)",
    "row(a, id)",
    "a between 1 and 2",
  ],
  ...[
    "exists (select 1)",
    "a = (select 1)",
    "count(*) > 1",
    "sum(a) > 1",
    "sum(a) over () > 1",
    "count(distinct a) > 1",
  ],
  ...["a = $1", "now() > '2020-01-01'", "current_user = 'x'", "random() > 0.5", "current_date > '2020-01-01'"],
  ...["ctid is not null", "tableoid = 1", "t is not null", "t.* is not null", "a = default", "a::text like 'x%'"],
  ...["lower(a::text) = 'x'", "coalesce(a, 1) = 2", "case when a > 1 then true else false end", "a is distinct from 1"],
  ...["true", "null", "a = any (array[1, 2])", "abs(a) > 1", "not (a > 1)", "length(a::text) > 1 and id < 5"],
];

/** Of which types decide, so that the database must be asked: no boolean; casts by way of text, which are not allowed. */
export const typed = new Set([...["a", "a::text like 'x%'", "lower(a::text) = 'x'", "length(a::text) > 1 and id < 5"]]);

export function candidates(): Candidate[] {
  const combined = Object.keys(schemas).flatMap((schema) =>
    operations.flatMap((operations) =>
      columns.flatMap((columns) => filters.map((where) => ({ schema, columns, where, operations }))),
    ),
  );
  const special = expressions.map((where) => ({ schema: "index", columns: undefined, where, operations: all }));
  return [...combined, ...special];
}

/** `(id, a) where b is null: insert, truncate` */
export function describeCandidate({ columns, where, operations }: Omit<Candidate, "schema">): string {
  const list = columns ? `(${columns.join(", ")}) ` : "";
  const filter = where === undefined ? "" : `where ${where}`;
  return `${list}${filter}: ${operations.length === all.length ? "all" : operations.join(", ")}`.trim();
}

/** All in one transaction: whether anything in it failed, the last query tells. */
export function question({ schema, columns, where, operations }: Candidate): string {
  const list = columns ? ` (${columns.map((name) => `"${name}"`).join(", ")})` : "";
  const filter = where === undefined ? "" : ` where (${where}\n)`;
  return [
    "begin;",
    schemas[schema],
    `create publication p for table public.t${list}${filter} with (publish = '${operations.join(", ")}');`,
    "update public.t set id = id;",
    "delete from public.t;",
    "select 1 \\g /dev/null",
    "\\echo :ERROR",
    "rollback;",
  ].join("\n");
}
