import type { Client } from "pg";
import { UserError } from "../../configs/userError.ts";
import { runtimeText } from "../desired.ts";
import { until } from "../until.ts";
import type { StepContext } from "./context.ts";
import { replaceRuntimeFile } from "./node.ts";

/** Milliseconds for a standby to get what another one has, and for one that was told to be promoted to accept writes. */
const timeout = 60_000;

/**
 * Makes a standby the primary of a cluster that has none, once it has replayed all that any of `others` has received: then nothing that was
 * acknowledged is missing.
 */
export async function promote(context: StepContext, node: string, others: readonly string[]): Promise<void> {
  const { containers, connections } = context;
  await connections.use(containers[node]!, async (client) => {
    await until(
      async () => {
        const behind = await Promise.all(others.map((other) => isBehind(context, client, other)));
        return behind.some(Boolean) ? undefined : true;
      },
      {
        timeout,
        interval: 20,
        onTimeout: () =>
          new UserError(
            `${node} was not promoted: another of ${others.join(", ")} has received more, and ${node} does not get it from there. Nothing is lost. Set \`postgres-cluster:primary\` to the node that is furthest ahead (\`npm run status -- --stack ${context.desired.plan.stack}\`), and run \`up\` again.`,
          ),
      },
    );
    await prepareRuntime(context, node);
    await promoteNow(context, node, client);
  });
}

async function isBehind(context: StepContext, client: Client, other: string): Promise<boolean> {
  const { containers, connections } = context;
  const received = await connections.use(containers[other]!, async (there) => {
    const { rows } = await there.query<{ lsn: string | null }>(
      "select greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())::text as lsn",
    );
    return rows[0]!.lsn;
  });
  if (received === null) return false;
  const { rows } = await client.query<{ behind: boolean }>("select pg_last_wal_replay_lsn() < $1::pg_lsn as behind", [
    received,
  ]);
  return rows[0]!.behind;
}

/** Its runtime file as the primary of `context`: read when it is promoted, or started again. */
export async function prepareRuntime({ desired, containers }: StepContext, node: string): Promise<void> {
  const text = runtimeText(desired, node, desired.plan.synchronousStandbyNames);
  await containers[node]!.run(["bash", "-c", replaceRuntimeFile(text)]);
}

/** Promotes a standby whose runtime file is a primary's, and waits until it accepts writes. */
export async function promoteNow({ progress }: StepContext, node: string, client: Client): Promise<void> {
  await client.query("select pg_promote(wait => false)");
  await until(
    async () => {
      const { rows } = await client.query<{ promoted: boolean }>("select not pg_is_in_recovery() as promoted");
      return rows[0]!.promoted ? true : undefined;
    },
    {
      timeout,
      interval: 2,
      onTimeout: () => new UserError(`${node} was told to be promoted, and still is a standby.`),
    },
  );
  await client.query("select pg_reload_conf()");
  progress.say(`${node}: promoted`);
}
