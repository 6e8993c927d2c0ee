import type { Client } from "pg";
import { hotStandbyLimits } from "../configs/hotStandbyLimits.ts";
import type { ObservedServer } from "./observed.ts";
import { rowsAsJson, valuesAsJson } from "./rowsAsJson.ts";
import { walPosition } from "./walPosition.ts";

/** Directory of the declared and runtime files: whatever sets a parameter from elsewhere is drift. */
const configDirectory = "/etc/postgres-cluster/";

/** Everything about one running server in one round trip. */
export async function observeServer(client: Client): Promise<ObservedServer> {
  const { rows } = await client.query<{ observed: ObservedServer }>(query, [configDirectory]);
  return rows[0]!.observed;
}

/** Set on a standby's command line by the entrypoint while its primary still has a higher limit: its own waits for a restart. */
const raisedForPrimary = hotStandbyLimits.map((name) => `'${name}'`).join(", ");

const query = `
with ${walPosition}
select json_build_object(
  'inRecovery', in_recovery,
  'systemIdentifier', (select system_identifier::text from pg_control_system()),
  'timeline', case when in_recovery
    then coalesce((select received_tli from pg_stat_wal_receiver), (select timeline_id from pg_control_checkpoint()))
    else ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int end,
  'flushLsn', coalesce(flushed, replayed, '0/0')::text,
  'replayLsn', replayed::text,
  'replayPaused', case when in_recovery then pg_is_wal_replay_paused() end,
  'replayLagSeconds', case when in_recovery then
    case when flushed = replayed then 0 else extract(epoch from now() - pg_last_xact_replay_timestamp()) end end,
  'databaseBytes', (select sum(pg_database_size(oid))::bigint from pg_database),
  'configurationLoadedAt', extract(epoch from pg_conf_load_time()),
  'settings', (select json_object_agg(name, setting) from pg_settings where name in (
    'synchronous_standby_names', 'synchronous_commit', 'primary_conninfo', 'primary_slot_name', 'ssl', 'data_checksums',
    'max_connections', 'fsync', 'full_page_writes', 'restart_after_crash')),
  'pendingRestart', ${rowsAsJson(`
    select name, setting as running, (select setting from pg_file_settings f where f.name = s.name order by seqno desc limit 1) as declared
      from pg_settings s
     where pending_restart or (source = 'command line' and name in (${raisedForPrimary})) order by name`)},
  'foreignSettings', ${rowsAsJson(`
    select name, setting as value, coalesce(sourcefile, source) as source from pg_settings
     where source = 'configuration file' and sourcefile is not null and not starts_with(sourcefile, $1) order by name`)},
  'fileErrors', ${valuesAsJson("select sourcefile || ':' || sourceline || ': ' || error from pg_file_settings where error is not null and error <> 'setting could not be applied'")},
  'hbaRules', ${rowsAsJson(`select line_number as line, type, auth_method as method, error from pg_hba_file_rules order by line_number`)},
  'slots', ${rowsAsJson(`
    select slot_name as name, slot_type as type, active, wal_status as "walStatus", failover,
           pg_wal_lsn_diff(flushed, restart_lsn)::bigint as "retainedBytes"
      from pg_replication_slots where not temporary order by slot_name`)},
  'replication', ${rowsAsJson(`
    select application_name as "applicationName", usename as role, state, sync_state as "syncState",
           s.slot_name as slot, coalesce(ssl.ssl, false) as tls, ssl.version as "tlsVersion",
           pg_wal_lsn_diff(flushed, write_lsn)::bigint as "writeLagBytes",
           pg_wal_lsn_diff(flushed, flush_lsn)::bigint as "flushLagBytes",
           pg_wal_lsn_diff(flushed, replay_lsn)::bigint as "replayLagBytes",
           flush_lsn::text as "flushLsn",
           extract(epoch from replay_lag)::float as "replayLagSeconds"
      from pg_stat_replication r
      left join pg_replication_slots s on s.active_pid = r.pid
      left join pg_stat_ssl ssl on ssl.pid = r.pid
     where r.application_name <> 'pg_basebackup' order by application_name`)},
  'walReceiver', (select json_build_object('status', status, 'slot', slot_name, 'senderHost', sender_host,
    'timeline', received_tli) from pg_stat_wal_receiver),
  'roles', ${rowsAsJson(`
    select rolname as name, rolsuper as superuser, rolcanlogin as login, rolreplication as replication, rolpassword as password
      from pg_authid where rolname !~ '^pg_' order by rolname`)},
  'roleSettings', ${rowsAsJson(`
    select setrole::regrole::text as role, (select datname from pg_database where oid = setdatabase) as database, setconfig as settings
      from pg_db_role_setting order by 1, 2`)},
  'databases', ${rowsAsJson("select datname as name, pg_get_userbyid(datdba) as owner from pg_database where not datistemplate order by datname")},
  'checksumFailures', (select coalesce(sum(checksum_failures), 0)::bigint from pg_stat_database)
) as observed from position`;
