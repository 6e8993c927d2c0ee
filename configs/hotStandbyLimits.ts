/**
 * Parameters of which a standby that has less than its primary refuses to start (PostgreSQL manual, 26.4.3 Hot Standby: Administrator's
 * Overview).
 */
export const hotStandbyLimits: readonly string[] = [
  "max_connections",
  "max_locks_per_transaction",
  "max_prepared_transactions",
  "max_wal_senders",
  "max_worker_processes",
];
