import type { ParseSql } from "../sql/parseSql.ts";
import { type Relation, type ReplicaIdentity, replicaIdentity } from "../sql/relation.ts";
import { readRowFilter } from "../sql/rowFilter.ts";
import type { Faults } from "./faults.ts";
import { qualifiedNameText } from "./identifiers.ts";
import { identityRemedy } from "./identityRemedy.ts";
import type { ReadTable } from "./publishedTables.ts";
import { suggest } from "./suggest.ts";

/**
 * Checks one published table, its column list and its filter. Without `relation` nothing is known of the table, and the filter is checked by
 * itself. `identifiesRows`: updates or deletes are published (manual, "Logical Replication: Column Lists", "Row Filters", "Publication").
 */
export function checkPublishedTable(
  table: ReadTable,
  relation: Relation | undefined,
  identifiesRows: boolean,
  parse: ParseSql,
  faults: Faults,
): void {
  const filter = table.where === undefined ? undefined : readFilter(table, table.where, parse, faults);
  if (relation === undefined || !isPublishable(table, relation, faults) || relation.opaque) return;
  checkColumns(table, relation, faults);
  for (const column of filter ?? []) {
    if (relation.columns.has(column)) continue;
    const remedy = suggest(column, [...relation.columns.keys()]);
    const problem = `refers to ${column}, which is no column of ${qualifiedNameText(table)}`;
    faults.add({
      path: `${table.path}.where`,
      value: table.where,
      problem,
      allowed: columnsOf(relation),
      ...(remedy && { remedy }),
    });
  }
  if (!identifiesRows) return;
  const identity = replicaIdentity(relation);
  if (identity.kind === "none") {
    const name = qualifiedNameText(table);
    const problem = "has no replica identity, and updates or deletes are published: the publisher would refuse them";
    faults.add({ path: `${table.path}.name`, value: name, problem, ...identityRemedy(name) });
    return;
  }
  if (table.columns) checkIdentityColumns(table, table.columns, identity, faults);
  if (filter && identity.kind === "key") {
    checkFilterColumns(
      table,
      filter.filter((column) => relation.columns.has(column)),
      identity.columns,
      faults,
    );
  }
}

/** The columns that the filter refers to; undefined where it is at fault. */
function readFilter(table: ReadTable, where: string, parse: ParseSql, faults: Faults): readonly string[] | undefined {
  const filter = readRowFilter(parse, where, table);
  if ("columns" in filter) return filter.columns;
  const allowed = "one SQL expression over the table's own columns and constants, of PostgreSQL's immutable functions";
  faults.add({ path: `${table.path}.where`, value: where, problem: filter.problem, allowed });
  return undefined;
}

function isPublishable(table: ReadTable, { kind, persistence }: Relation, faults: Faults): boolean {
  if (kind === "table" && persistence === "permanent") return true;
  const what =
    kind === "table"
      ? `${persistence} table, and no change of it is in the WAL`
      : `${kind}, which holds no rows of its own to replicate`;
  const problem = `is ${/^[aeiou]/.test(what) ? "an" : "a"} ${what}`;
  faults.add({ path: `${table.path}.name`, value: qualifiedNameText(table), problem, allowed: "permanent tables" });
  return false;
}

function checkColumns({ path, columns = [] }: ReadTable, relation: Relation, faults: Faults): void {
  const known = [...relation.columns.keys()];
  for (const name of columns) {
    const column = relation.columns.get(name);
    if (column && !column.generated) continue;
    const problem = column
      ? `names ${name}, a generated column: each node computes it by itself`
      : `names ${name}, which is no column of ${qualifiedNameText(relation)}`;
    const remedy = column ? `leave ${name} out` : suggest(name, known);
    faults.add({
      path: `${path}.columns`,
      value: columns,
      problem,
      allowed: columnsOf(relation),
      ...(remedy && { remedy }),
    });
  }
}

function checkIdentityColumns(
  table: ReadTable,
  columns: readonly string[],
  identity: ReplicaIdentity,
  faults: Faults,
): void {
  const fault = (problem: string, allowed: string, remedy: string) =>
    faults.add({ path: `${table.path}.columns`, value: columns, problem, allowed, remedy });
  if (identity.kind === "full") {
    fault(
      "leaves columns out, or may do so, of a table whose replica identity is full: the publisher would refuse updates and deletes",
      "no column list",
      "remove it, or give the table a replica identity by an index",
    );
  }
  if (identity.kind !== "key") return;
  const missing = identity.columns.filter((column) => !columns.includes(column));
  if (missing.length === 0) return;
  fault(
    `leaves out ${missing.join(", ")} of the replica identity (${identity.columns.join(", ")}): the publisher would refuse updates and deletes`,
    "a list with all columns of the replica identity, or the operations insert and truncate only",
    `add ${missing.join(", ")}`,
  );
}

function checkFilterColumns(
  table: ReadTable,
  used: readonly string[],
  identity: readonly string[],
  faults: Faults,
): void {
  const outside = used.filter((column) => !identity.includes(column));
  if (outside.length === 0) return;
  const index = [...identity, ...outside].join(", ");
  const besides = table.columns
    ? `, and list ${outside.join(", ")} in \`columns\``
    : ", or `alter table … replica identity full`";
  faults.add({
    path: `${table.path}.where`,
    value: table.where,
    problem: `refers to ${outside.join(", ")} outside of the replica identity (${identity.join(", ")}): the publisher would refuse updates and deletes`,
    allowed: `columns of the replica identity, or the operations insert and truncate only`,
    remedy: `in a schema file, create a unique index on (${index}), all of them NOT NULL (beside one that may be NULL keep a boolean to filter by), and \`alter table … replica identity using index …\`${besides}`,
  });
}

function columnsOf(relation: Relation): string {
  return [...relation.columns].flatMap(([name, { generated }]) => (generated ? [] : name)).join(", ");
}
