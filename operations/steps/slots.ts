import type { Client } from "pg";
import { UserError } from "../../configs/userError.ts";
import { type UntilOptions, until } from "../until.ts";
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

/** Of a standby that was a primary, once nobody streams from it any more. */
export async function dropSlot(
  { containers, connections, progress }: StepContext,
  node: string,
  slot: string,
): Promise<void> {
  progress.say(`${node}: dropping slot ${slot}, which nobody uses any more`);
  const onTimeout = () => new UserError(`${node}: slot ${slot} stays in use, though nobody should stream from there.`);
  await connections.use(containers[node]!, (client) =>
    dropIdleSlot(client, slot, { timeout, interval: 20, onTimeout }),
  );
}

/** Drops a slot, physical or logical, as soon as nobody uses it: the walsender of who has just gone lives on for a moment. It may be gone. */
export async function dropIdleSlot(client: Client, slot: string, options: UntilOptions): Promise<void> {
  await until(async () => {
    const { rowCount } = await client.query(
      "select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = $1 and not active",
      [slot],
    );
    if (rowCount !== 0) return true;
    const left = await client.query("select from pg_replication_slots where slot_name = $1", [slot]);
    return left.rowCount === 0 ? true : undefined;
  }, options);
}
