import type { Client } from "pg";
import type { StepContext } from "../context.ts";

/** Runs `work` on a connection to the application's database of a node. */
export function inDatabase<T>(
  { desired, containers, connections }: StepContext,
  node: string,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  return connections.use(containers[node]!, work, desired.plan.database);
}

/** All of it or nothing. */
export async function inTransaction(client: Client, work: () => Promise<void>): Promise<void> {
  await client.query("begin");
  try {
    await work();
    await client.query("commit");
  } catch (error) {
    await client.query("rollback");
    throw error;
  }
}
