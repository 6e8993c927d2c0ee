import { qualified, quoted } from "../../../configs/tableName.ts";
import type { ComparedTable } from "./comparedTables.ts";

/** Where rows are read: the publisher's are filtered as they are published, the subscriber's are all that it has. */
export type Side = "publisher" | "subscriber";

const bucketCount = 4096;

/** Of some rows: how many, and the sum of their hashes. */
export interface Fingerprint {
  readonly rows: number;
  readonly hash: string;
}

export function isSame(one: Fingerprint | undefined, other: Fingerprint | undefined): boolean {
  return one?.rows === other?.rows && one?.hash === other?.hash;
}

/**
 * Rows of two servers are compared without being sent: each row is hashed as text, and hashes are added up, so that the order of the rows
 * makes no difference. `row(…)::text` quotes, so that no two rows share a text. This query has one row, a Fingerprint.
 */
export function fingerprintQuery(table: ComparedTable, side: Side): string {
  return `select count(*)::float8 as rows, coalesce(sum(hash), 0)::text as hash from (${hashedRows(table, side)}) r`;
}

/** A row for each bucket of keys that has any. */
export function bucketsQuery(table: ComparedTable, side: Side): string {
  return `select bucket, count(*)::float8 as rows, sum(hash)::text as hash from (${hashedRows(table, side)}) r group by bucket`;
}

/** Key and hash of each row in the buckets of $1. */
export function rowsQuery(table: ComparedTable, side: Side): string {
  return `select key, hash::text as hash from (${hashedRows(table, side)}) r where bucket = any($1)`;
}

function hashedRows(table: ComparedTable, side: Side): string {
  const hash = (columns: readonly string[]) => `hashtextextended(row(${columns.map(quoted).join(", ")})::text, 0)`;
  const key = table.keyColumns.map((column) => `${quoted(column)}::text`).join(", ");
  const where = side === "publisher" && table.where !== undefined ? ` where (${table.where})` : "";
  return `select ${hash(table.columns)}::numeric as hash, ${hash(table.keyColumns)} & ${bucketCount - 1} as bucket, array[${key}]::text[] as key from only ${qualified(table)}${where}`;
}
