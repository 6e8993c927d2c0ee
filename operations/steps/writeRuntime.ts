import type { Client } from "pg";
import type { Connections } from "../connections.ts";
import { runtimeText } from "../desired.ts";
import type { NodeContainer } from "../docker.ts";
import { ServerUnavailable } from "../sql.ts";
import { until } from "../until.ts";
import type { StepContext } from "./context.ts";
import { replaceRuntimeFile } from "./node.ts";

/** Writes the runtime file and has a running server load it together with the declared files; waits until it has. */
export async function writeRuntime(
  { desired, containers, connections, progress }: StepContext,
  node: string,
  synchronousStandbyNames: string,
): Promise<void> {
  const container = containers[node]!;
  const text = runtimeText(desired, node, synchronousStandbyNames);
  await container.run(["bash", "-c", replaceRuntimeFile(text)]);
  if (await reload(connections, container)) progress.say(`${node}: configuration reloaded`);
}

/** Resolves to false when no server is running, and to true when its processes have been told and this one has read the files. */
async function reload(connections: Connections, container: NodeContainer): Promise<boolean> {
  let client: Client;
  try {
    client = await connections.take(container);
  } catch (error) {
    if (error instanceof ServerUnavailable) return false;
    throw error;
  }
  try {
    const { rows } = await client.query("select pg_conf_load_time()::text as before, pg_reload_conf()");
    await until(
      async () => {
        const { rowCount } = await client.query("select where pg_conf_load_time() > $1::timestamptz", [rows[0].before]);
        return rowCount === 0 ? undefined : true;
      },
      {
        timeout: 30_000,
        interval: 10,
        onTimeout: async () =>
          new Error(`${container.name}: the server did not load its configuration:\n${await container.logTail(20)}`),
      },
    );
    return true;
  } finally {
    connections.giveBack(container, client);
  }
}
