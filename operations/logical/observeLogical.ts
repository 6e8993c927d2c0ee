import type { Client } from "pg";
import { ownSchema } from "../../configs/ownSchema.ts";
import { rowsAsJson, valuesAsJson } from "../rowsAsJson.ts";
import type { ObservedLogical } from "./observedLogical.ts";
import { subscriptionOptionsOf } from "./subscriptionOptions.ts";

/** Everything that concerns logical replication in the database that `client` is connected to. */
export async function observeLogical(client: Client): Promise<ObservedLogical> {
  const { rows } = await client.query<{ observed: Omit<ObservedLogical, keyof Books> }>(catalogueQuery, [ownSchema]);
  const observed = rows[0]!.observed;
  return { ...observed, ...(observed.bookkeeping ? await readBooks(client) : noBooks) };
}

type Books = Pick<ObservedLogical, "schemaFiles" | "publicationRecords" | "copiedTables">;

const noBooks: Books = { schemaFiles: [], publicationRecords: {}, copiedTables: [] };

async function readBooks(client: Client): Promise<Books> {
  const { rows } = await client.query<{ books: Books }>(booksQuery);
  return rows[0]!.books;
}

const booksQuery = `select json_build_object(
  'schemaFiles', ${rowsAsJson(`select path, sha256 from ${ownSchema}.schema_files order by path`)},
  'publicationRecords', coalesce((select json_object_agg(name, json_build_object('declared', declared, 'catalogue', catalogue))
      from ${ownSchema}.publications), '{}'),
  'copiedTables', ${rowsAsJson(`select table_schema as schema, table_name as name, definition, publisher, begun from ${ownSchema}.copied_tables order by 1, 2`)}
) as books`;

/**
 * The publication `p` as text that compares: the same text means that PostgreSQL does the same, and has done so all the time. Whatever
 * was taken out and put back by hand meanwhile has another oid.
 */
export const publicationCatalogue = `jsonb_build_object(
  'oid', p.oid::int8,
  'operations', jsonb_build_array(p.pubinsert, p.pubupdate, p.pubdelete, p.pubtruncate),
  'allTables', p.puballtables, 'viaRoot', p.pubviaroot,
  'schemas', coalesce((select jsonb_agg(jsonb_build_array(nspname, m.oid::int8) order by nspname)
      from pg_publication_namespace m join pg_namespace n on n.oid = pnnspid where pnpubid = p.oid), '[]'),
  'tables', coalesce((select jsonb_agg(jsonb_build_array((select jsonb_build_array(n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = prrelid), oid::int8,
        (select jsonb_agg(attname order by attname) from pg_attribute where attrelid = prrelid and attnum = any(prattrs)),
        pg_get_expr(prqual, prrelid)) order by prrelid)
      from pg_publication_rel where prpubid = p.oid), '[]'))::text`;

/** Columns that a publication names for a table, in its list and in its filter; `r` is the row of pg_publication_rel. */
export const namedColumns = `select a.attname from pg_depend d join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
  where d.classid = 'pg_publication_rel'::regclass and d.objid = r.oid and d.refclassid = 'pg_class'::regclass and d.refobjsubid > 0`;

const catalogueQuery = `
with user_tables as (
  select c.oid, n.nspname as schema, c.relname as name, c.relreplident, c.relacl
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
   where c.relkind in ('r', 'p') and c.relpersistence = 'p' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
), identity as (
  select i.indrelid, array_agg(a.attname::text order by a.attname) as columns
    from pg_index i join user_tables t on t.oid = i.indrelid
    join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey)
   where case t.relreplident when 'd' then i.indisprimary when 'i' then i.indisreplident else false end
   group by i.indrelid
)
select json_build_object(
  'bookkeeping', to_regclass($1 || '.parity_point') is not null
     and exists (select from pg_trigger where tgrelid = to_regclass($1 || '.parity_point') and tgenabled = 'R'),
  'tables', ${rowsAsJson(`
    select t.schema, t.name,
           (select json_agg(json_build_object('name', attname, 'type', format_type(atttypid, atttypmod),
                'notNull', attnotnull, 'generated', attgenerated <> '',
                'hasDefault', atthasdef or attidentity <> '') order by attname)
              from pg_attribute where attrelid = t.oid and attnum > 0 and not attisdropped) as columns,
           case when t.relreplident = 'f' then 'full' when i.columns is null then 'none' else 'key' end as "replicaIdentity",
           coalesce(i.columns, '{}') as "keyColumns", pg_total_relation_size(t.oid) as bytes
      from user_tables t left join identity i on i.indrelid = t.oid where t.schema <> $1 order by 1, 2`)},
  'publications', ${rowsAsJson(`
    select p.pubname as name, ${publicationCatalogue} as catalogue, ${rowsAsJson(`
      select t.schema, t.name, case when r.prattrs is null then array[t.schema || '.' || t.name]
               else (select array_agg(t.schema || '.' || t.name || '(' || c.attname || ')' order by c.attname) from (${namedColumns}) c) end as readable
        from pg_publication_tables pt join user_tables t on t.schema = pt.schemaname and t.name = pt.tablename
        left join pg_publication_rel r on r.prpubid = p.oid and r.prrelid = t.oid
       where pt.pubname = p.pubname order by 1, 2`)} as tables
      from pg_publication p order by 1`)},
  'privileges', coalesce((select json_object_agg(rolname, readable) from (
      select o.rolname, array_agg(distinct g.what order by g.what) as readable from pg_roles o join (
        select acl.grantee, t.schema || '.' || t.name as what from user_tables t, aclexplode(t.relacl) acl where acl.privilege_type = 'SELECT'
        union all
        select acl.grantee, t.schema || '.' || t.name || '(' || a.attname || ')' from user_tables t
          join pg_attribute a on a.attrelid = t.oid, aclexplode(a.attacl) acl where acl.privilege_type = 'SELECT'
      ) g on g.grantee = o.oid where o.rolreplication group by o.rolname) p), '{}'),
  'subscriptions', ${rowsAsJson(`
    select s.subname as name, s.subenabled as enabled, s.subslotname as slot, s.subconninfo as conninfo,
           (select array_agg(p order by p) from unnest(s.subpublications) p) as publications,
           ${subscriptionOptionsOf("s")} as options,
           ${rowsAsJson(`select n.nspname as schema, c.relname as name, sr.srsubstate as state from pg_subscription_rel sr
             join pg_class c on c.oid = sr.srrelid join pg_namespace n on n.oid = c.relnamespace where sr.srsubid = s.oid order by 1, 2`)} as tables,
           exists (select from pg_stat_subscription w where w.subid = s.oid and w.worker_type = 'apply' and w.latest_end_time is not null) as working,
           coalesce(st.apply_error_count, 0) as "applyErrors", coalesce(st.sync_error_count, 0) as "syncErrors"
      from pg_subscription s left join pg_stat_subscription_stats st on st.subid = s.oid
     where s.subdbid = (select oid from pg_database where datname = current_database()) order by 1`)},
  'orphanedOrigins', ${valuesAsJson(`
    select roname from pg_replication_origin
     where roname ~ '^pg_[0-9]+(_[0-9]+)?$'
       and not exists (select from pg_subscription where oid::text = split_part(roname, '_', 2)) order by 1`)}
) as observed`;
