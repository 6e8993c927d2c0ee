import { runtimeText } from "../desired.ts";
import type { NodeContainer } from "../docker.ts";
import { connect, ServerUnavailable } from "../sql.ts";
import { until } from "../until.ts";
import type { StepContext } from "./context.ts";
import { writeRuntimeFile } from "./node.ts";

/** Writes the runtime file and has a running server load it together with the declared files; waits until it has. */
export async function writeRuntime(
  { desired, containers, progress }: StepContext,
  node: string,
  synchronousStandbyNames: string,
): Promise<void> {
  const container = containers[node]!;
  const text = runtimeText(desired, node, synchronousStandbyNames);
  await writeRuntimeFile(container, text);
  if (await reload(container, desired.nodes[node]!.release)) progress.say(`${node}: configuration reloaded`);
}

/** Resolves to false when no server is running. */
async function reload(container: NodeContainer, release: string): Promise<boolean> {
  let client: Awaited<ReturnType<typeof connect>>;
  try {
    client = await connect(container);
  } catch (error) {
    if (error instanceof ServerUnavailable) return false;
    throw error;
  }
  try {
    await client.query("select pg_reload_conf()");
    await until(
      async () => {
        const { rows } = await client.query("select current_setting('postgres_cluster.release', true) as release");
        return rows[0].release === release ? true : undefined;
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
    await client.end();
  }
}
