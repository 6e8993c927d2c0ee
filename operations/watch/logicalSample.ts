import type { Client } from "pg";
import { ownSchema } from "../../configs/ownSchema.ts";
import type { ClusterPlan } from "../../configs/plan.ts";
import { rowsAsJson } from "../rowsAsJson.ts";
import type { LogicalSample, SubscriberSample } from "./logicalView.ts";

/** Bytes up to which a table's rows are counted each time; of larger ones the statistics' estimate is told. */
const countedUpTo = 64 * 1024 * 1024;

/** Tables that are published here, or subscribed to. */
const replicatedTables = `
  select format('%I.%I', schemaname, tablename)::regclass as table from pg_publication_tables where schemaname <> '${ownSchema}'
  union
  select srrelid::regclass from pg_subscription_rel join pg_class c on c.oid = srrelid where c.relnamespace::regnamespace::text <> '${ownSchema}'`;

const query = `
select json_build_object(
  'at', extract(epoch from clock_timestamp())::float,
  'startedAt', extract(epoch from pg_postmaster_start_time())::float,
  'rowsChanged', tup_inserted + tup_updated + tup_deleted,
  'tables', coalesce((select json_object_agg(n.nspname || '.' || c.relname,
      case when pg_table_size(c.oid) <= $1
           then (xpath('/row/n/text()', query_to_xml(format('select count(*) as n from %s', c.oid::regclass), false, true, '')))[1]::text::bigint
           else pg_stat_get_live_tuples(c.oid) end)
      from (${replicatedTables}) r join pg_class c on c.oid = r.table join pg_namespace n on n.oid = c.relnamespace), '{}'),
  'subscribers', ${rowsAsJson(`
    select s.slot_name as slot, coalesce(r.state, 'not streaming') as state,
           pg_wal_lsn_diff(pg_current_wal_flush_lsn(), coalesce(r.flush_lsn, s.confirmed_flush_lsn)) as "lagBytes",
           extract(epoch from r.flush_lag)::float as "lagSeconds"
      from pg_replication_slots s left join pg_stat_replication r on r.pid = s.active_pid
     where s.slot_type = 'logical' and s.database = current_database()`)}
) as sample from pg_stat_database where datname = current_database()`;

type Row = Omit<LogicalSample, "subscribers"> & {
  readonly subscribers: readonly (Omit<SubscriberSample, "node"> & { readonly slot: string })[];
};

/** One round trip to the application's database of a publisher or a subscriber. Slots of others than the plan's subscribers are left out. */
export async function takeLogicalSample(client: Client, plan: ClusterPlan): Promise<LogicalSample> {
  const { rows } = await client.query<{ sample: Row }>(query, [countedUpTo]);
  const { subscribers, ...sample } = rows[0]!.sample;
  const subscriptions = plan.logical?.subscriptions ?? [];
  return {
    ...sample,
    subscribers: subscribers.flatMap(({ slot, ...subscriber }) => {
      const node = subscriptions.find((each) => each.slot === slot)?.node;
      return node === undefined ? [] : [{ node, ...subscriber }];
    }),
  };
}
