/** Parameters that a stack config may not set, by name or pattern, with the reason that the user is told. The first match counts. */
export const fixedParameters: readonly (readonly [name: string | RegExp, reason: string])[] = [
  // Where things are: the image, the volumes and the commands agree on it.
  [/^(?:config_file|data_directory|hba_file|ident_file|external_pid_file)$/, "the image's paths are fixed"],
  [/^include(?:_dir|_if_exists)?$/, "the cluster writes the configuration files whole"],
  ["listen_addresses", "nodes must reach each other; `publishAddress` says where the host offers them"],
  ["port", "inside the network every node has 5432; `nodes[].port` is the published one"],
  [/^unix_socket_(?:directories|group|permissions)$/, "the node is administered over this socket"],
  [
    /^(?:log_destination|logging_collector)$/,
    "the log goes to the container's, where `docker logs` and the report find it",
  ],

  // Security.
  ["ssl", "nothing is served without TLS"],
  [/^ssl_(?!min_protocol_version$|max_protocol_version$)/, "the cluster issues and places its own certificates"],
  ["password_encryption", "passwords are kept as SCRAM-SHA-256 only"],
  [/^(?:krb_|gss_|db_user_namespace$)/, "logins are by SCRAM-SHA-256 over TLS only"],

  // What replication rests on.
  ["wal_level", "`logical` from the start, so that no mode needs a restart"],
  ["hot_standby", "standbys serve reads, and are verified by reading them"],
  ["cluster_name", "it is the node's name"],
  ["primary_conninfo", "the reconciler writes it when a node's primary changes"],
  ["primary_slot_name", "each node has a slot of its own"],
  [
    "synchronous_standby_names",
    "it follows from `mode`, `nodes` and `synchronous`, and is switched on in a safe order",
  ],
  [
    /^(?:sync_replication_slots|synchronized_standby_slots)$/,
    "they guard slots of logical replication on physical standbys, which no mode combines",
  ],
  ["recovery_min_apply_delay", "a standby that lags on purpose cannot be verified nor take over"],
  [
    /^(?:recovery_(?!init_sync_method$|prefetch$)|restore_command$|archive_|promote_trigger_file$)/,
    "archiving and point-in-time recovery are not supported yet",
  ],
  ["restart_after_crash", "a node that crashed comes back by itself"],

  // What durability rests on.
  [/^(?:fsync|full_page_writes|data_sync_retry)$/, "turned the wrong way it loses or corrupts data after a crash"],
  [
    /^(?:zero_damaged_pages|ignore_checksum_failure|ignore_invalid_pages|ignore_system_indexes)$/,
    "it hides damage; use it in one session, by hand, for a rescue",
  ],
  // What means nothing in a file.
  [
    /^transaction_(?:deferrable|isolation|read_only)$/,
    "it belongs to one transaction; see default_transaction_isolation",
  ],
  ["bonjour", "Debian's PostgreSQL is built without it"],
  ["default_transaction_read_only", "the primary would refuse every application's writes"],
];

/** Why a stack config may not set this parameter, or undefined where it may. PostgreSQL compares names without regard to case. */
export function reasonFixed(name: string): string | undefined {
  const lower = name.toLowerCase();
  return fixedParameters.find(([which]) => (typeof which === "string" ? which === lower : which.test(lower)))?.[1];
}
