import type { TableName } from "../tableName.ts";

/** A table, or what looks like one, as the schema files make it. */
export interface Relation extends TableName {
  readonly kind: "table" | "view" | "materialized view" | "foreign table";
  readonly persistence: "permanent" | "unlogged" | "temporary";
  /** By name, in their order. */
  readonly columns: ReadonlyMap<string, Column>;
  /** Unique, not partial, not deferrable, of columns alone: those that may serve as a replica identity. By name. */
  readonly keys: ReadonlyMap<string, Key>;
  /** What `REPLICA IDENTITY` says. */
  readonly identity: "primaryKey" | "full" | "nothing" | { readonly index: string };
  /** Something was done to it that cannot be followed here: only the database knows what it is like. */
  readonly opaque: boolean;
}

export interface Column {
  /** Computed from others: PostgreSQL 17 publishes none of these. */
  readonly generated: boolean;
}

export interface Key {
  readonly columns: readonly string[];
  readonly primary: boolean;
}

/** How updates and deletes say which row they mean: by key columns, by the whole row, or not at all. */
export type ReplicaIdentity =
  | { readonly kind: "key"; readonly columns: readonly string[] }
  | { readonly kind: "full" | "none" };

export function replicaIdentity({ identity, keys }: Relation): ReplicaIdentity {
  if (identity === "full") return { kind: "full" };
  if (identity === "nothing") return { kind: "none" };
  const key = identity === "primaryKey" ? [...keys.values()].find(({ primary }) => primary) : keys.get(identity.index);
  return key ? { kind: "key", columns: key.columns } : { kind: "none" };
}
