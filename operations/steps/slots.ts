import { UserError } from "../../configs/userError.ts";
import { until } from "../until.ts";
import type { StepContext } from "./context.ts";

/** Creates a physical slot that reserves WAL from now on, so that nothing is missing between a base backup and its first connection. */
export async function createSlot({ containers, connections }: StepContext, node: string, slot: string): Promise<void> {
  await connections.use(containers[node]!, (client) =>
    client.query(
      `select pg_create_physical_replication_slot($1, immediately_reserve => true)
        where not exists (select from pg_replication_slots where slot_name = $1)`,
      [slot],
    ),
  );
}

/** Milliseconds for a server to notice that who streamed from it is gone. */
const timeout = 60_000;

/** Drops a slot once nobody streams from it any more. */
export async function dropSlot(context: StepContext, node: string, slot: string): Promise<void> {
  context.progress.say(`${node}: dropping slot ${slot}, which nobody uses any more`);
  await context.connections.use(context.containers[node]!, async (client) => {
    await until(
      async () => {
        const used = await client.query("select from pg_replication_slots where slot_name = $1 and active", [slot]);
        return used.rowCount === 0 ? true : undefined;
      },
      {
        timeout,
        interval: 20,
        onTimeout: () => new UserError(`${node}: slot ${slot} stays in use, though nobody should stream from there.`),
      },
    );
    await client.query(
      "select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = $1 and not active",
      [slot],
    );
  });
}
