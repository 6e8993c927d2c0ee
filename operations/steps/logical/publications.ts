import pg, { type Client } from "pg";
import { ownSchema } from "../../../configs/ownSchema.ts";
import type { PublishedTable } from "../../../configs/spec.ts";
import { qualified, quoted } from "../../../configs/tableName.ts";
import { namedColumns, publicationCatalogue } from "../../logical/observeLogical.ts";
import { type DesiredPublication, declaredText, type Reader } from "../../logical/publications.ts";
import type { StepContext } from "../context.ts";
import { inDatabase, inTransaction } from "./inDatabase.ts";

/** Makes publications what is desired, and enters in our books what was declared and what the catalogue made of it. All or none. */
export async function setPublications(
  context: StepContext,
  node: string,
  publications: readonly DesiredPublication[],
): Promise<void> {
  await inDatabase(context, node, (client) =>
    inTransaction(client, async () => {
      for (const publication of publications) {
        const { name, tables, schemas } = publication;
        const content = [
          ...tables.map((table) => `${table.schema}.${table.name}`),
          ...schemas.map((each) => `${each}.*`),
        ];
        context.progress.say(`${node}: publication ${name}: ${content.join(", ") || "empty for now"}`);
        await setPublication(client, publication);
      }
    }),
  );
}

async function setPublication(client: Client, publication: DesiredPublication): Promise<void> {
  const { rows } = await client.query<{ puballtables: boolean }>(
    "select puballtables from pg_publication where pubname = $1",
    [publication.name],
  );
  for (const statement of publicationStatements(publication, rows[0])) await client.query(statement);
  await client.query(
    `insert into ${ownSchema}.publications (name, declared, catalogue)
     select p.pubname, $2, ${publicationCatalogue} from pg_publication p where p.pubname = $1
     on conflict (name) do update set declared = excluded.declared, catalogue = excluded.catalogue`,
    [publication.name, declaredText(publication)],
  );
}

export async function dropPublication(context: StepContext, node: string, publication: string): Promise<void> {
  context.progress.say(`${node}: dropping publication ${publication}`);
  await inDatabase(context, node, (client) =>
    inTransaction(client, async () => {
      await client.query(`drop publication if exists ${pg.escapeIdentifier(publication)}`);
      await client.query(`delete from ${ownSchema}.publications where name = $1`, [publication]);
    }),
  );
}

/** Lets each subscriber's role read what its publications name, and takes every other right on tables from it. */
export async function grantReading(context: StepContext, node: string, readers: readonly Reader[]): Promise<void> {
  await inDatabase(context, node, (client) =>
    inTransaction(client, async () => {
      for (const { role, publications } of readers) {
        for (const statement of await privilegeStatements(client, role, publications)) await client.query(statement);
      }
    }),
  );
}

/** A table whose columns or rows are chosen is read by the columns of its list and its filter, any other as a whole. */
async function privilegeStatements(client: Client, role: string, publications: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ statement: string }>(
    `with published as (
       select c.oid, c.relnamespace, r.prattrs,
              (select string_agg(distinct quote_ident(n.attname), ', ') from (${namedColumns}) n) as named from pg_publication p
         join pg_publication_tables pt on pt.pubname = p.pubname
         join pg_class c on c.relname = pt.tablename and c.relnamespace = pt.schemaname::regnamespace
         left join pg_publication_rel r on r.prpubid = p.oid and r.prrelid = c.oid
        where p.pubname = any($2)
     ), held as (
       select c.oid from pg_class c, aclexplode(c.relacl) acl where c.relkind in ('r', 'p') and acl.grantee = $1::regrole
       union
       select a.attrelid from pg_attribute a, aclexplode(a.attacl) acl where acl.grantee = $1::regrole
     )
     select format('revoke all on %s from %I', oid::regclass, $1) as statement from held
     union all
     select distinct format('grant usage on schema %s to %I', relnamespace::regnamespace, $1) from published
     union all
     select case when p.prattrs is null then format('grant select on %s to %I', p.oid::regclass, $1)
                 else format('grant select (%s) on %s to %I', p.named, p.oid::regclass, $1) end
       from published p`,
    [role, publications],
  );
  return rows.map(({ statement }) => statement);
}

/** Statements that make a publication what is desired, to be run in one transaction. */
function publicationStatements(
  publication: DesiredPublication,
  found: { readonly puballtables: boolean } | undefined,
): string[] {
  const name = quoted(publication.name);
  const publish = `publish = ${pg.escapeLiteral(publication.operations.join(", "))}, publish_via_partition_root = false`;
  const objects = [
    ...publication.tables.map((table) => `table ${publishedTable(table)}`),
    ...publication.schemas.map((schema) => `tables in schema ${quoted(schema)}`),
  ];
  // One without any object can be made, but not set; one FOR ALL TABLES neither. It is made anew then, in the same transaction.
  if (found === undefined || found.puballtables || objects.length === 0) {
    return [
      ...(found ? [`drop publication ${name}`] : []),
      `create publication ${name}${objects.length > 0 ? ` for ${objects.join(", ")}` : ""} with (${publish})`,
    ];
  }
  return [`alter publication ${name} set ${objects.join(", ")}`, `alter publication ${name} set (${publish})`];
}

function publishedTable({ columns, where, ...table }: PublishedTable): string {
  const list = columns === undefined ? "" : ` (${columns.map(quoted).join(", ")})`;
  return `${qualified(table)}${list}${where === undefined ? "" : ` where (${where})`}`;
}
