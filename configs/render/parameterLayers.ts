import type { ModeRules } from "../modes/modeRules.ts";
import { paths, postgresPort } from "./paths.ts";

/** Parameters that a user may override: those of every cluster, and over them the mode's. */
export function defaultsOf(rules: ModeRules): Readonly<Record<string, string>> {
  return { ...defaultParameters, ...rules.defaultParameters };
}

/**
 * Few: the cluster is no tuner, PostgreSQL's own defaults hold for the rest. None depends on the number of nodes, or one node more
 * would restart all the others.
 */
const defaultParameters: Readonly<Record<string, string>> = {
  log_line_prefix: "%m [%p] %q%u@%d/%a ",
  log_replication_commands: "on",
  max_replication_slots: "20",
  // A dead standby must not fill the primary's disk; it is cloned again when it has missed more than this.
  max_slot_wal_keep_size: "4GB",
  // While all standbys are cloned at once, each holds two connections, the base backup's and the WAL's: ten standbys.
  max_wal_senders: "20",
  ssl_min_protocol_version: "TLSv1.3",
  synchronous_commit: "on",
  // With PostgreSQL's 5 s, commits that wait for a standby may stand still for so long once their primary is back.
  wal_retrieve_retry_interval: "200ms",
};

/** Parameters that the cluster's promises rest on. Validation refuses them in a stack config, with the reason (`fixedParameters`). */
export function mandatoryParameters(nodeName: string): Readonly<Record<string, string>> {
  return {
    cluster_name: nodeName,
    data_directory: paths.dataDirectory,
    fsync: "on",
    full_page_writes: "on",
    hba_file: paths.pgHbaConf,
    hot_standby: "on",
    ident_file: paths.pgIdentConf,
    listen_addresses: "*",
    log_destination: "stderr",
    logging_collector: "off",
    password_encryption: "scram-sha-256",
    port: String(postgresPort),
    restart_after_crash: "on",
    ssl: "on",
    ssl_cert_file: paths.serverCertificate,
    ssl_key_file: paths.serverKey,
    unix_socket_directories: paths.socketDirectory,
    // From the start, so that logical replication needs no restart later.
    wal_level: "logical",
  };
}
