import { randomUUID } from "node:crypto";
import { ownSchema } from "../../../configs/ownSchema.ts";
import { qualified, type TableName } from "../../../configs/tableName.ts";
import { until } from "../../until.ts";
import type { OpenSession } from "./session.ts";

/** Milliseconds that writers may be held up at a time, while the transactions in flight end. */
const lockBound = 200;

/**
 * Takes the snapshot of `reader` at one position of the stream of changes: with it, `reader` sees exactly the rows of `tables` that were
 * committed before the parity point. For that, nobody may be in the middle of writing them: they are locked against writers for the few
 * milliseconds in which `locker` writes the parity point and `reader` takes its snapshot. Transactions that take longer are given up for,
 * let end, and tried again. Returns the LSN of the parity point's row: its commit comes right after it. Rejects with a BusyTables when
 * that did not work within `bound` milliseconds.
 */
export async function takePublisherSnapshot(
  locker: OpenSession,
  reader: OpenSession,
  tables: readonly TableName[],
  bound: number,
): Promise<string> {
  // An autovacuum in the way is cancelled when a lock has been waited for this long; it comes back later.
  await locker.client.query("set deadlock_timeout = '10ms'");
  const deadline = performance.now() + bound;
  for (;;) {
    const lsn = await tryOnce(locker, reader, tables);
    if (lsn !== undefined) return lsn;
    await writersEnd(locker, tables, deadline - performance.now());
  }
}

const queryCanceled = "57014";
const deadlockDetected = "40P01";

/** undefined: somebody wrote for longer than we wait. */
async function tryOnce(
  locker: OpenSession,
  reader: OpenSession,
  tables: readonly TableName[],
): Promise<string | undefined> {
  await locker.client.query(`begin; set local statement_timeout = ${lockBound}`);
  try {
    const lock = `lock table only ${tables.map(qualified).join(", only ")} in share mode`;
    const results = (await locker.client.query(`${lock}; set local statement_timeout = 0;
      insert into ${ownSchema}.parity_point (run) values ('${randomUUID()}');
      select pg_current_wal_insert_lsn()::text as lsn`)) as unknown as { rows: { lsn: string }[] }[];
    await reader.client.query("begin isolation level repeatable read read only; select 1");
    await locker.client.query("commit");
    return results.at(-1)!.rows[0]!.lsn;
  } catch (error) {
    await locker.client.query("rollback");
    if ([queryCanceled, deadlockDetected].includes((error as { code?: string }).code ?? "")) return undefined;
    throw error;
  }
}

interface Writer {
  readonly table: string;
  readonly transaction: string;
  readonly pid: number | null;
  readonly who: string;
  readonly state: string;
  readonly seconds: number;
}

/** The published tables could not be had to ourselves for a moment. */
export class BusyTables extends Error {
  override name = "BusyTables";
}

/** Waits until the transactions that are in the way now have ended; those that come later are short, or are waited for next time. */
async function writersEnd(locker: OpenSession, tables: readonly TableName[], bound: number): Promise<void> {
  const inTheWay = new Set((await writersOf(locker, tables)).map(({ transaction }) => transaction));
  let left: readonly Writer[] = [];
  const ended = async () => {
    left = (await writersOf(locker, tables)).filter(({ transaction }) => inTheWay.has(transaction));
    return left.length === 0 ? true : undefined;
  };
  await until(ended, { timeout: bound, onTimeout: () => new BusyTables(left.map(describeWriter).join("; ")) });
}

async function writersOf({ client }: OpenSession, tables: readonly TableName[]): Promise<Writer[]> {
  const { rows } = await client.query<Writer>(
    `select l.relation::regclass::text as table, l.virtualtransaction as transaction, l.pid,
            coalesce(nullif(a.application_name, ''), a.backend_type, 'a prepared transaction') as who, coalesce(a.state, '') as state,
            coalesce(extract(epoch from clock_timestamp() - a.xact_start), 0)::float8 as seconds
       from pg_locks l left join pg_stat_activity a using (pid)
      where l.locktype = 'relation' and l.granted and l.pid is distinct from pg_backend_pid()
        and l.database = (select oid from pg_database where datname = current_database())
        and l.relation = any(select to_regclass(t)::oid from unnest($1::text[]) t)
        and l.mode not in ('AccessShareLock', 'RowShareLock', 'ShareLock')`,
    [tables.map(qualified)],
  );
  return rows;
}

function describeWriter({ table, pid, who, state, seconds }: Writer): string {
  return `${table} is written by ${who}${pid === null ? "" : `, pid ${pid}`}, for ${seconds.toFixed(0)} s${state && `, ${state}`}`;
}
