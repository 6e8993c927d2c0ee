/**
 * A common table expression `position`: whether the server is in recovery, what it has flushed (a standby: received and flushed), and what a
 * standby has replayed.
 */
export const walPosition = `position as (
  select pg_is_in_recovery() as in_recovery,
         case when pg_is_in_recovery() then pg_last_wal_receive_lsn() else pg_current_wal_flush_lsn() end as flushed,
         case when pg_is_in_recovery() then pg_last_wal_replay_lsn() end as replayed
)`;
