import type { ColumnDef, Constraint, CreateStmt, Node } from "libpg-query";
import type { TableName } from "../tableName.ts";
import type { Column, Key, Relation } from "./relation.ts";
import { texts } from "./walk.ts";

/** The relation that a CREATE TABLE makes, `schema` being that of a name without one. */
export function createTable(statement: CreateStmt, name: TableName): Relation {
  const columns = new Map<string, Column>();
  const keys = new Map<string, Key>();
  // Columns and keys that come from elsewhere: other tables, a type.
  let opaque = [statement.inhRelations?.length, statement.partbound, statement.partspec, statement.ofTypename].some(
    Boolean,
  );
  for (const element of statement.tableElts ?? []) {
    if ("ColumnDef" in element) {
      const { colname = "" } = element.ColumnDef;
      columns.set(colname, readColumn(element.ColumnDef));
      for (const [index, key] of columnKeys(name.name, element.ColumnDef)) keys.set(index, key);
    } else if ("Constraint" in element) {
      const key = readKey(name.name, element.Constraint);
      if (key) keys.set(...key);
    } else {
      opaque = true;
    }
  }
  return {
    ...name,
    kind: "table",
    persistence: persistenceOf(statement.relation?.relpersistence),
    columns,
    keys,
    identity: "primaryKey",
    opaque,
  };
}

export function persistenceOf(letter: string | undefined): Relation["persistence"] {
  return letter === "u" ? "unlogged" : letter === "t" ? "temporary" : "permanent";
}

export function readColumn({ constraints }: ColumnDef): Column {
  return { generated: constraintsOf(constraints).some(({ contype }) => contype === "CONSTR_GENERATED") };
}

/** Keys that a column declares for itself: `id bigint primary key`. */
export function columnKeys(table: string, { colname = "", constraints }: ColumnDef): [string, Key][] {
  const given = constraintsOf(constraints);
  // To the parser DEFERRABLE is a constraint of its own, which follows the one that it belongs to.
  return given.flatMap((constraint, index) => {
    const deferrable = given[index + 1]?.contype === "CONSTR_ATTR_DEFERRABLE";
    const key = readKey(table, { ...constraint, keys: [{ String: { sval: colname } }], deferrable });
    return key ? [key] : [];
  });
}

/** A primary key or unique constraint under the name of its index; undefined for another one, and for one that may be checked late. */
export function readKey(table: string, constraint: Constraint): [string, Key] | undefined {
  const primary = constraint.contype === "CONSTR_PRIMARY";
  if ((!primary && constraint.contype !== "CONSTR_UNIQUE") || constraint.deferrable) return undefined;
  const columns = texts(constraint.keys);
  const suffix = primary ? ["pkey"] : [...columns, "key"];
  return [constraint.conname ?? [table, ...suffix].join("_"), { columns, primary }];
}

function constraintsOf(nodes: readonly Node[] = []): Constraint[] {
  return nodes.flatMap((node) => ("Constraint" in node ? node.Constraint : []));
}
