/**
 * SQL: the timeline on which a primary writes. Not pg_control_checkpoint's, which is the old one until the first checkpoint after a
 * promotion. An error in recovery.
 */
export const currentTimeline = "('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::int";
