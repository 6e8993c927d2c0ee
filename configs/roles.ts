/** Roles that the cluster creates for itself, next to the application's owner role. None is a superuser. */
export const roles = {
  /** Standbys stream, and base backups are taken, as this role: LOGIN REPLICATION. */
  replicator: "replicator",
  /** Reads statistics: member of pg_monitor. */
  monitor: "monitor",
  /** pg_rewind reads the new primary's files as this role: the documented function grants. */
  rewind: "rewind",
} as const;

/** The bootstrap superuser; it logs in over the local socket only. */
export const superuser = "postgres";
