import pg from "pg";
import type { StepContext } from "../context.ts";
import { inDatabase, inTransaction } from "./inDatabase.ts";

/** Drops the role of a node that subscribes to nothing any more, with what it was granted. */
export async function dropRole(context: StepContext, node: string, role: string): Promise<void> {
  context.progress.say(`${node}: dropping role ${role}`);
  const name = pg.escapeIdentifier(role);
  await inDatabase(context, node, (client) =>
    inTransaction(client, async () => {
      await client.query(`drop owned by ${name}`);
      await client.query(`drop role ${name}`);
    }),
  );
}

export async function dropOrigin(context: StepContext, node: string, origin: string): Promise<void> {
  await inDatabase(context, node, (client) =>
    client.query("select pg_replication_origin_drop(roname) from pg_replication_origin where roname = $1", [origin]),
  );
}
