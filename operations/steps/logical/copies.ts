import type { Client } from "pg";
import { ownSchema } from "../../../configs/ownSchema.ts";
import { qualified, type TableName } from "../../../configs/tableName.ts";
import type { Copies, CopyOf } from "../../logical/publications.ts";
import type { StepContext } from "../context.ts";

/** Enters, in the client's transaction, by which definition the rows of these tables are there, or are being copied. */
export async function recordCopies(client: Client, { copiedFrom, tables }: Copies): Promise<void> {
  for (const table of tables) await record(client, table, copiedFrom, { begun: true });
}

/**
 * Makes tables ready to be copied, in the client's transaction: the rows of an earlier copy are removed, and the new copy's definition
 * entered. Rows of a table of which no copy was begun are somebody else's, and stay.
 */
export async function prepareCopies(
  client: Client,
  { progress }: StepContext,
  { node, copiedFrom, tables }: Copies,
): Promise<void> {
  // As an apply worker does: no trigger of the user's and no foreign key stands in the way.
  await client.query("set local session_replication_role = replica");
  for (const table of tables) {
    const begun = await hasBegun(client, table);
    if (begun) {
      if (table.schema !== ownSchema) progress.say(`${node}: ${table.schema}.${table.name} is copied again`);
      await client.query(`delete from ${qualified(table)}`);
    }
    await record(client, table, copiedFrom, { begun });
  }
}

async function hasBegun(client: Client, { schema, name }: TableName): Promise<boolean> {
  const { rowCount } = await client.query(
    `select from ${ownSchema}.copied_tables where table_schema = $1 and table_name = $2 and begun`,
    [schema, name],
  );
  return rowCount !== 0;
}

async function record(
  client: Client,
  { schema, name, definition }: CopyOf,
  publisher: string,
  { begun }: { readonly begun: boolean },
): Promise<void> {
  await client.query(
    `insert into ${ownSchema}.copied_tables (table_schema, table_name, definition, publisher, begun) values ($1, $2, $3, $4, $5)
     on conflict (table_schema, table_name) do update
       set definition = excluded.definition, publisher = excluded.publisher, begun = excluded.begun`,
    [schema, name, definition, publisher, begun],
  );
}
