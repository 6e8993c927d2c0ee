import type { Client } from "pg";
import { rowsAsJson } from "../rowsAsJson.ts";
import { walPosition } from "../walPosition.ts";
import type { Timed } from "./rates.ts";

/** What one running server says of itself at one moment. Positions and lags are bytes of WAL, counters grow from the server's start on. */
export interface PhysicalSample extends Timed {
  readonly inRecovery: boolean;
  /** Primary: flushed; standby: received and flushed. null on a standby that has received nothing since its start. */
  readonly flushed: number | null;
  /** Standby only. */
  readonly replayed: number | null;
  /** Standby: seconds since the last replayed commit, 0 when everything received is replayed. */
  readonly replayLagSeconds: number | null;
  /** Committed and rolled back in the application's database. */
  readonly transactions: number;
  readonly rowsInserted: number;
  readonly rowsRead: number;
  /** Primary: rows of pg_stat_replication. */
  readonly standbys: readonly StandbySample[];
}

/** Bytes behind the primary's flushed WAL; seconds as the primary measures them, null while there is nothing to measure. */
export interface StandbySample {
  readonly name: string;
  readonly state: string;
  readonly syncState: string;
  readonly writeLagBytes: number | null;
  readonly flushLagBytes: number | null;
  readonly replayLagBytes: number | null;
  readonly writeLagSeconds: number | null;
  readonly flushLagSeconds: number | null;
}

const query = `
with ${walPosition}
select json_build_object(
  'at', extract(epoch from clock_timestamp())::float,
  'startedAt', extract(epoch from pg_postmaster_start_time())::float,
  'inRecovery', in_recovery,
  'flushed', pg_wal_lsn_diff(flushed, '0/0'),
  'replayed', pg_wal_lsn_diff(replayed, '0/0'),
  'replayLagSeconds', case when in_recovery then
    case when flushed = replayed then 0 else extract(epoch from now() - pg_last_xact_replay_timestamp())::float end end,
  'transactions', xact_commit + xact_rollback,
  'rowsInserted', tup_inserted,
  'rowsRead', tup_fetched,
  'standbys', ${rowsAsJson(`
    select application_name as name, state, sync_state as "syncState",
           pg_wal_lsn_diff(flushed, write_lsn) as "writeLagBytes",
           pg_wal_lsn_diff(flushed, flush_lsn) as "flushLagBytes",
           pg_wal_lsn_diff(flushed, replay_lsn) as "replayLagBytes",
           extract(epoch from write_lag)::float as "writeLagSeconds",
           extract(epoch from flush_lag)::float as "flushLagSeconds"
      from pg_stat_replication where application_name <> 'pg_basebackup'`)}
) as sample from position left join pg_stat_database on datname = $1`;

/** One round trip. The watcher itself should be connected to another database than `database`, or it counts itself. */
export async function takePhysicalSample(client: Client, database: string): Promise<PhysicalSample> {
  const { rows } = await client.query<{ sample: PhysicalSample }>(query, [database]);
  return rows[0]!.sample;
}
