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

/** Drops a slot that nobody streams from. */
export async function dropSlot(
  { containers, connections, progress }: StepContext,
  node: string,
  slot: string,
): Promise<void> {
  progress.say(`${node}: dropping slot ${slot}, which nobody uses any more`);
  await connections.use(containers[node]!, (client) =>
    client.query(
      "select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = $1 and not active",
      [slot],
    ),
  );
}
