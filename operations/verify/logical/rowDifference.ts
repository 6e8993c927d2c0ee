import type pg from "pg";
import type { ComparedTable } from "./comparedTables.ts";
import { bucketsQuery, type Fingerprint, isSame, rowsQuery, type Side } from "./rowHash.ts";

/** Which rows of a table differ between publisher and subscriber. */
export interface RowDifference {
  /** How many rows were found to differ; at least so many where `complete` is false. */
  readonly rows: number;
  readonly complete: boolean;
  /** Keys of a few of them, as `id=1`. */
  readonly missing: readonly string[];
  readonly additional: readonly string[];
  readonly different: readonly string[];
}

/** Keys named of each kind. */
const mostKeys = 5;
/** Rows fetched to be compared one by one, of each side. */
const mostRows = 50_000;

/** By bucket. */
type Fingerprints = ReadonlyMap<string, Fingerprint>;

/** Both clients are in a snapshot of the same state of the stream. Needs a key: rows are told apart by it. */
export async function findDifference(
  table: ComparedTable,
  publisher: pg.Client,
  subscriber: pg.Client,
): Promise<RowDifference> {
  const [there, here] = await Promise.all([
    readBuckets(publisher, table, "publisher"),
    readBuckets(subscriber, table, "subscriber"),
  ]);
  const differing = [...new Set([...there.keys(), ...here.keys()])].filter(
    (bucket) => !isSame(there.get(bucket), here.get(bucket)),
  );
  const looked = firstBuckets(differing, there, here);
  const [wanted, found] = await Promise.all([
    readRows(publisher, table, "publisher", looked),
    readRows(subscriber, table, "subscriber", looked),
  ]);
  const missing = [...wanted.keys()].filter((key) => !found.has(key));
  const additional = [...found.keys()].filter((key) => !wanted.has(key));
  const different = [...wanted].flatMap(([key, hash]) => (found.has(key) && found.get(key) !== hash ? [key] : []));
  const sample = (keys: readonly string[]) => keys.slice(0, mostKeys).map((key) => shownKey(table, key));
  return {
    rows: missing.length + additional.length + different.length,
    complete: looked.length === differing.length,
    missing: sample(missing),
    additional: sample(additional),
    different: sample(different),
  };
}

async function readBuckets(client: pg.Client, table: ComparedTable, side: Side): Promise<Fingerprints> {
  const { rows } = await client.query<Fingerprint & { bucket: string }>(bucketsQuery(table, side));
  return new Map(rows.map(({ bucket, ...fingerprint }) => [bucket, fingerprint]));
}

/** As many as hold no more rows than may be fetched, and one at least. */
function firstBuckets(buckets: readonly string[], there: Fingerprints, here: Fingerprints): string[] {
  let rows = 0;
  return buckets.filter((bucket, index) => {
    rows += Math.max(there.get(bucket)?.rows ?? 0, here.get(bucket)?.rows ?? 0);
    return index === 0 || rows <= mostRows;
  });
}

/** Hashes by key, the key as JSON. */
async function readRows(
  client: pg.Client,
  table: ComparedTable,
  side: Side,
  buckets: readonly string[],
): Promise<Map<string, string>> {
  const { rows } = await client.query<{ key: string[]; hash: string }>(rowsQuery(table, side), [buckets]);
  return new Map(rows.map(({ key, hash }) => [JSON.stringify(key), hash]));
}

function shownKey({ keyColumns }: ComparedTable, key: string): string {
  const values = JSON.parse(key) as string[];
  return keyColumns.map((column, index) => `${column}=${values[index]}`).join(" ");
}
