import type { Connections } from "../connections.ts";
import { runtimeText } from "../desired.ts";
import type { NodeContainer } from "../docker.ts";
import { hold, putInPlace, takeBaseBackup, verifyBackup } from "./baseBackup.ts";
import type { StepContext } from "./context.ts";
import { startServer } from "./node.ts";
import { awaitStreaming } from "./streaming.ts";

/**
 * Makes a node a fresh standby: base backup from `from`, checked with pg_verifybackup, put in place by a rename, started, and waited
 * for until it streams. The backup grows in a directory of its own, so one that was cut off is never mistaken for data; until it is
 * in place the node is held, so nothing runs on the data directory that it replaces.
 */
export async function clone(context: StepContext, node: string, from: string): Promise<void> {
  const { desired, containers, connections, progress } = context;
  const container = containers[node]!;
  const { slot } = desired.nodes[node]!.plan;
  await hold(container, progress, node);
  await renewLostSlot(connections, containers[from]!, slot);
  await takeBaseBackup(container, progress, node, { from, slot });
  const runtime = runtimeText(desired, node, desired.plan.synchronousStandbyNames);
  await container.run(["node-exclusively", "bash", "-c", `set -e\n${verifyBackup}\n${putInPlace(runtime)}`]);
  progress.say(`${node}: base backup verified and put in place`);
  await startServer(container);
  await awaitStreaming(context, node, from);
  progress.say(`${node}: streaming from ${from}`);
}

/** A slot that lost WAL stays invalid for ever, whatever uses it. The node is held by now, so a cut right here is not forgotten. */
async function renewLostSlot(connections: Connections, primary: NodeContainer, slot: string): Promise<void> {
  await connections.use(primary, async (client) => {
    const lost = "slot_name = $1 and wal_status = 'lost' and not active";
    const { rowCount } = await client.query(
      `select pg_drop_replication_slot(slot_name) from pg_replication_slots where ${lost}`,
      [slot],
    );
    if (rowCount === 0) return;
    await client.query("select pg_create_physical_replication_slot($1, immediately_reserve => true)", [slot]);
  });
}
