import type { Client } from "pg";
import { ownSchema } from "../../logical/bookkeeping.ts";
import type { TableName } from "../../logical/observedLogical.ts";
import { type CopyOf, qualified } from "../../logical/publications.ts";
import type { StepContext } from "../context.ts";
import { inDatabase, inTransaction } from "./inDatabase.ts";

interface Copies {
  readonly node: string;
  /** System identifier of the publisher. */
  readonly copiedFrom: string;
  readonly tables: readonly CopyOf[];
}

/** Enters by which definition the rows of these tables are there. */
export async function recordCopies(context: StepContext, { node, copiedFrom, tables }: Copies): Promise<void> {
  await inDatabase(context, node, (client) =>
    inTransaction(client, async () => {
      for (const table of tables) await record(client, table, copiedFrom);
    }),
  );
}

/**
 * Makes tables ready to be copied: the rows of an earlier copy are removed, and the new copy's definition entered. Rows of a table
 * that was never copied are somebody else's, and stay.
 */
export async function prepareCopies(context: StepContext, { node, copiedFrom, tables }: Copies): Promise<void> {
  await inDatabase(context, node, (client) =>
    inTransaction(client, async () => {
      // As an apply worker does: no trigger of the user's and no foreign key stands in the way.
      await client.query("set local session_replication_role = replica");
      for (const table of tables) {
        if (await wasCopied(client, table)) {
          if (table.schema !== ownSchema)
            context.progress.say(`${node}: ${table.schema}.${table.name} is copied again`);
          await client.query(`delete from ${qualified(table)}`);
        }
        await record(client, table, copiedFrom);
      }
    }),
  );
}

async function wasCopied(client: Client, { schema, name }: TableName): Promise<boolean> {
  const { rowCount } = await client.query(
    `select from ${ownSchema}.copied_tables where table_schema = $1 and table_name = $2`,
    [schema, name],
  );
  return rowCount !== 0;
}

async function record(client: Client, { schema, name, definition }: CopyOf, publisher: string): Promise<void> {
  await client.query(
    `insert into ${ownSchema}.copied_tables (table_schema, table_name, definition, publisher) values ($1, $2, $3, $4)
     on conflict (table_schema, table_name) do update set definition = excluded.definition, publisher = excluded.publisher`,
    [schema, name, definition, publisher],
  );
}
