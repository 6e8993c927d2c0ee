import type { AlterTableCmd, ReplicaIdentityStmt } from "libpg-query";
import { columnKeys, readColumn, readKey } from "./createTable.ts";
import type { Key, Relation } from "./relation.ts";

/** The relation after one action of an ALTER TABLE; opaque after one that cannot be followed. */
export function alterTable(table: Relation, command: AlterTableCmd): Relation {
  const { subtype = "", name = "", def } = command;
  if (harmless.test(subtype)) return table;
  if (subtype === "AT_SetLogged") return { ...table, persistence: "permanent" };
  if (subtype === "AT_SetUnLogged") return { ...table, persistence: "unlogged" };
  if (subtype === "AT_DropConstraint") return withoutKeys(table, (index) => index === name);
  if (subtype === "AT_DropColumn") return dropColumn(table, name);
  if (subtype === "AT_DropExpression") {
    return { ...table, columns: new Map(table.columns).set(name, { generated: false }) };
  }
  if (subtype === "AT_AddColumn" && def && "ColumnDef" in def) {
    const { colname = "" } = def.ColumnDef;
    if (table.columns.has(colname)) return table;
    const columns = new Map(table.columns).set(colname, readColumn(def.ColumnDef));
    return { ...table, columns, keys: new Map([...table.keys, ...columnKeys(table.name, def.ColumnDef)]) };
  }
  if (subtype === "AT_AddConstraint" && def && "Constraint" in def) {
    const { contype, conname, indexname, deferrable } = def.Constraint;
    if (indexname !== undefined) {
      const primary = contype === "CONSTR_PRIMARY";
      return deferrable
        ? withoutKeys(table, (index) => index === indexname)
        : keyFromIndex(table, indexname, conname, primary);
    }
    const key = readKey(table.name, def.Constraint);
    return key ? { ...table, keys: new Map([...table.keys, key]) } : table;
  }
  if (subtype === "AT_ReplicaIdentity" && def && "ReplicaIdentityStmt" in def) {
    return setReplicaIdentity(table, def.ReplicaIdentityStmt);
  }
  return { ...table, opaque: true };
}

/** What changes neither columns, keys, nor what is published. */
const harmless =
  /^AT_(?:ColumnDefault|SetNotNull|DropNotNull|SetStatistics|SetStorage|SetCompression|AlterColumnType|AlterConstraint|ValidateConstraint|ChangeOwner|ClusterOn|DropCluster|SetTableSpace|SetRelOptions|ResetRelOptions|SetOptions|ResetOptions|(?:En|Dis)able(?:Always|Replica)?(?:Trig|Rule)(?:All|User)?|(?:En|Dis)ableRowSecurity|(?:No)?ForceRowSecurity|(?:Add|Set|Drop)Identity|SetAccessMethod)$/;

function dropColumn(table: Relation, column: string): Relation {
  const columns = new Map(table.columns);
  columns.delete(column);
  return withoutKeys({ ...table, columns }, (_, key) => key.columns.includes(column));
}

/** As when their indexes are dropped: a replica identity that was one of them is gone, too. */
export function withoutKeys(table: Relation, gone: (index: string, key: Key) => boolean): Relation {
  return { ...table, keys: new Map([...table.keys].filter(([index, key]) => !gone(index, key))) };
}

/** `ADD PRIMARY KEY USING INDEX`: the index takes the constraint's name. */
function keyFromIndex(table: Relation, index: string, constraint = index, primary: boolean): Relation {
  const key = table.keys.get(index);
  if (key === undefined) return { ...table, opaque: true };
  return renameKey({ ...table, keys: new Map(table.keys).set(index, { ...key, primary }) }, index, constraint);
}

export function renameKey(table: Relation, from: string, to: string): Relation {
  const keys = new Map([...table.keys].map(([index, key]) => [index === from ? to : index, key]));
  const { identity } = table;
  const follows = typeof identity === "object" && identity.index === from;
  return { ...table, keys, identity: follows ? { index: to } : identity };
}

function setReplicaIdentity(table: Relation, { identity_type, name = "" }: ReplicaIdentityStmt): Relation {
  if (identity_type === "f") return { ...table, identity: "full" };
  if (identity_type === "n") return { ...table, identity: "nothing" };
  if (identity_type === "d") return { ...table, identity: "primaryKey" };
  // An index that was made in a way that is not followed, or got its name from PostgreSQL.
  return table.keys.has(name) ? { ...table, identity: { index: name } } : { ...table, opaque: true };
}
