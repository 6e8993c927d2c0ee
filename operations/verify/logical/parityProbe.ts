import type pg from "pg";
import { ownSchema } from "../../../configs/ownSchema.ts";
import { qualified } from "../../../configs/tableName.ts";
import type { ComparedTable } from "./comparedTables.ts";
import { BusyTables, takePublisherSnapshot } from "./publisherSnapshot.ts";
import { findDifference, type RowDifference } from "./rowDifference.ts";
import { type Fingerprint, fingerprintQuery, isSame, type Side } from "./rowHash.ts";
import type { OpenSession } from "./session.ts";
import { holdParityLock, takeSubscriberSnapshot } from "./subscriberSnapshot.ts";

/** Publisher and subscribers compared at one position of the stream, while writes go on. */
export interface ParityProbe {
  /** Why nothing could be compared. */
  readonly error?: string;
  /** Transactions that kept the tables busy for as long as could be waited. */
  readonly busy?: string;
  /** Of the parity point; "" where there is none. */
  readonly lsn: string;
  readonly subscribers: Readonly<Record<string, SubscriberParity>>;
}

export interface SubscriberParity {
  /** Why this subscriber could not be compared. */
  readonly error?: string;
  readonly tables: readonly TableParity[];
}

export interface TableParity {
  readonly table: ComparedTable;
  readonly error?: string;
  /** On the publisher, of the rows that it publishes. */
  readonly expected?: Fingerprint;
  /** On the subscriber. */
  readonly found?: Fingerprint;
  /** Set where they differ, and the rows could be told apart by a key. */
  readonly difference?: RowDifference;
}

export interface ParitySubscriber {
  readonly session: OpenSession;
  readonly tables: readonly ComparedTable[];
}

/**
 * Compares each subscriber's tables with the publisher's, row by row in effect, without stopping anybody for more than milliseconds: the
 * publisher's writers while its snapshot is taken, each apply worker while the subscriber's is. Rows are counted and hashed afterwards,
 * for as long as that takes. Needs a stream in which no parity point of somebody else is still to be applied.
 */
export async function probeParity(
  locker: OpenSession,
  reader: OpenSession,
  subscribers: readonly ParitySubscriber[],
  bound: number,
): Promise<ParityProbe> {
  const tables = [
    ...new Map(subscribers.flatMap((each) => each.tables.map((table) => [keyOf(table), table]))).values(),
  ];
  const taken = await takeSnapshots(locker, reader, subscribers, tables, bound);
  if ("busy" in taken) return { ...nothingCompared, ...taken };
  const { lsn, failed } = taken;
  const [expected, ...found] = await Promise.all([
    fingerprints(reader.client, tables, "publisher"),
    ...subscribers.map((each, index) =>
      failed[index] ? noFingerprints : fingerprints(each.session.client, each.tables, "subscriber"),
    ),
  ]);
  const results: Record<string, SubscriberParity> = {};
  for (const [index, subscriber] of subscribers.entries()) {
    const error = failed[index];
    results[subscriber.session.node] = error
      ? { error: error.message, tables: [] }
      : { tables: await explain(reader, subscriber, expected!, found[index]!) };
  }
  await locker.client.query(`delete from ${ownSchema}.parity_point`);
  return { lsn, subscribers: results };
}

export const nothingCompared: ParityProbe = { lsn: "", subscribers: {} };

interface Snapshots {
  readonly lsn: string;
  /** By subscriber, in their order: why it has no snapshot. */
  readonly failed: readonly (Error | undefined)[];
}

async function takeSnapshots(
  locker: OpenSession,
  reader: OpenSession,
  subscribers: readonly ParitySubscriber[],
  tables: readonly ComparedTable[],
  bound: number,
): Promise<Snapshots | { readonly busy: string }> {
  const holding = await Promise.all(subscribers.map(({ session }) => failureOf(holdParityLock(session, bound))));
  try {
    const lsn = await takePublisherSnapshot(locker, reader, tables, bound);
    const failed = await Promise.all(
      subscribers.map(({ session }, index) => holding[index] ?? failureOf(takeSubscriberSnapshot(session, bound))),
    );
    return { lsn, failed };
  } catch (error) {
    if (error instanceof BusyTables) return { busy: error.message };
    throw error;
  }
}

/** A subscriber that can't be compared is a finding; the others are compared. */
function failureOf(work: Promise<void>): Promise<Error | undefined> {
  return work.then(
    () => undefined,
    (error: Error) => error,
  );
}

function attempt<T>(work: Promise<T>): Promise<T | Error> {
  return work.catch((error: Error) => error);
}

type Fingerprints = ReadonlyMap<string, Fingerprint | Error>;
const noFingerprints: Fingerprints = new Map();

/** A table is told apart by its publication, too: another one may publish other rows of it to other subscribers. */
function keyOf(table: ComparedTable): string {
  return `${table.publication} ${qualified(table)}`;
}

async function fingerprints(client: pg.Client, tables: readonly ComparedTable[], side: Side): Promise<Fingerprints> {
  const found = new Map<string, Fingerprint | Error>();
  for (const table of tables) {
    const query = () => client.query<Fingerprint>(fingerprintQuery(table, side));
    const result = await attempt(inSnapshot([client], query));
    found.set(keyOf(table), result instanceof Error ? result : result.rows[0]!);
  }
  return found;
}

async function explain(
  reader: OpenSession,
  { session, tables }: ParitySubscriber,
  expected: Fingerprints,
  found: Fingerprints,
): Promise<TableParity[]> {
  const results: TableParity[] = [];
  for (const table of tables) {
    const [there, here] = [expected.get(keyOf(table))!, found.get(keyOf(table))!];
    if (there instanceof Error) results.push({ table, error: `on the publisher: ${there.message}` });
    else if (here instanceof Error) results.push({ table, error: here.message });
    else if (table.keyColumns.length === 0 || isSame(there, here))
      results.push({ table, expected: there, found: here });
    else {
      const look = () => findDifference(table, reader.client, session.client);
      const difference = await attempt(inSnapshot([reader.client, session.client], look));
      results.push({ table, expected: there, found: here, ...(!(difference instanceof Error) && { difference }) });
    }
  }
  return results;
}

/** A query that fails must not cost the transaction, which is the snapshot. */
async function inSnapshot<T>(clients: readonly pg.Client[], query: () => Promise<T>): Promise<T> {
  await Promise.all(clients.map((client) => client.query("savepoint look")));
  try {
    return await query();
  } catch (error) {
    await Promise.all(clients.map((client) => client.query("rollback to savepoint look")));
    throw error;
  } finally {
    await Promise.all(clients.map((client) => client.query("release savepoint look")));
  }
}
