/** Paths inside a node's container. The image's entrypoint, the rendered files and the reconciler agree on them here. */
export const paths = {
  /** PGDATA; the data volume is mounted one level above. */
  dataDirectory: "/var/lib/postgresql/data",
  /** What makes a standby of a server that starts. */
  standbySignal: "/var/lib/postgresql/data/standby.signal",
  socketDirectory: "/var/run/postgresql",
  /** Where the config volume is mounted. */
  configVolume: "/etc/postgres-cluster",
  /** Declared files: a symbolic link that is flipped when all of them are written. */
  declared: "/etc/postgres-cluster/current",
  postgresqlConf: "/etc/postgres-cluster/current/postgresql.conf",
  pgHbaConf: "/etc/postgres-cluster/current/pg_hba.conf",
  pgIdentConf: "/etc/postgres-cluster/current/pg_ident.conf",
  passfile: "/etc/postgres-cluster/current/passfile",
  caCertificate: "/etc/postgres-cluster/current/tls/ca.crt",
  serverCertificate: "/etc/postgres-cluster/current/tls/server.crt",
  serverKey: "/etc/postgres-cluster/current/tls/server.key",
  /** Runtime settings: written by the reconciler only, in its order. */
  runtimeConf: "/etc/postgres-cluster/runtime/postgresql.conf",
  /** While it is there the entrypoint does not start a server: another node was promoted in place of this one. */
  fence: "/etc/postgres-cluster/runtime/fence",
  /** While it is there the entrypoint does not start a server: its data directory is being replaced. */
  hold: "/etc/postgres-cluster/runtime/hold",
} as const;

/** The port inside the network; the published ports are the stack config's. */
export const postgresPort = 5432;
