import type { Client } from "pg";
import { paths } from "../../configs/render/paths.ts";
import { UserError } from "../../configs/userError.ts";
import { runtimeText } from "../desired.ts";
import { formatBytes } from "../formatBytes.ts";
import { ledBy } from "../leader.ts";
import { comesTrue, until } from "../until.ts";
import type { StepContext } from "./context.ts";
import { replaceRuntimeFile, startServer, stopServer } from "./node.ts";
import { prepareRuntime, promote, promoteNow } from "./promote.ts";
import { awaitStreaming } from "./streaming.ts";

/** Bytes that the successor may be behind before the primary is shut down: what it has to replay while nobody is served. */
const mostLag = 1024 * 1024;
/** Milliseconds for it to get there, while everybody is served. */
const catchUpTimeout = 60_000;
/** Milliseconds for it to replay the last of the primary's WAL, before it is looked for elsewhere. */
const lastRecordTimeout = 5_000;

/**
 * Makes the standby `to` the primary in place of `from`. Not a row is lost: `from` is marked as a standby before it is shut down, so at no
 * moment can it come back as a second primary; a server that is shut down sends all its WAL to its standbys; and `to` is promoted when it
 * has replayed the last record of it, the shutdown's checkpoint. Cut off anywhere, the cluster has one primary, or none and everything to make
 * `to` one. The others are told to follow it at the same time; `from` follows it without a re-clone.
 *
 * All that can be done while writes are still served is done before: what takes time in between is the shutdown, the promotion, and a few
 * round trips.
 */
export async function switchOver(context: StepContext, from: string, to: string): Promise<void> {
  const { desired, containers, connections, progress } = context;
  const next: StepContext = { ...context, desired: ledBy(desired, to) };
  const others = desired.plan.nodes.map(({ name }) => name).filter((name) => name !== from && name !== to);
  await awaitCloseBehind(context, from, to);
  progress.say(`switching over from ${from} to ${to}`);
  await Promise.all([...others, to].map((node) => prepareRuntime(next, node)));
  await connections.use(containers[from]!, (client) => client.query("checkpoint"));
  const clients = await Promise.all([to, ...others].map((node) => connections.take(containers[node]!)));
  const [successor, ...followers] = clients;
  try {
    const last = await demote(next, from);
    const follow = Promise.all(followers.map((client) => client.query("select pg_reload_conf()")));
    if (await hasReplayed(successor!, last)) await promoteNow(next, to, successor!);
    else await promoteLate(next, from, to);
    await follow;
  } finally {
    for (const [index, node] of [to, ...others].entries()) connections.giveBack(containers[node]!, clients[index]!);
  }
  await Promise.all([from, ...others].map((node) => awaitStreaming(next, node, to)));
  progress.say(`${to} is the primary; ${[from, ...others].join(", ")} stream from it`);
}

/** Shuts the primary down for good: started again, which the entrypoint does at once, it is a standby. Returns where its WAL ends. */
async function demote(next: StepContext, node: string): Promise<string> {
  const runtime = runtimeText(next.desired, node, next.desired.plan.synchronousStandbyNames);
  const script = `set -e
${replaceRuntimeFile(runtime)}
touch ${paths.standbySignal}
sync ${paths.standbySignal} ${paths.dataDirectory}
${stopServer}
pg_controldata ${paths.dataDirectory} | sed -n 's/^Latest checkpoint location: *//p'`;
  return (await next.containers[node]!.run(["bash", "-c", script])).trim();
}

/** A record counts as replayed when what is replayed goes beyond its beginning. */
function hasReplayed(client: Client, record: string): Promise<boolean> {
  return comesTrue(
    async () => {
      const { rows } = await client.query<{ done: boolean }>("select pg_last_wal_replay_lsn() > $1::pg_lsn as done", [
        record,
      ]);
      return rows[0]!.done;
    },
    { timeout: lastRecordTimeout, interval: 2 },
  );
}

/** The connection broke while the last of the WAL was sent: the former primary has it, and streams it as a standby. */
async function promoteLate(next: StepContext, from: string, to: string): Promise<void> {
  next.progress.say(`${to}: waiting for the last of what ${from} has written`);
  await startServer(next.containers[from]!);
  await promote(next, to, [from]);
}

async function awaitCloseBehind({ containers, connections }: StepContext, from: string, to: string): Promise<void> {
  await connections.use(containers[from]!, async (client) => {
    let lag: number | undefined;
    await until(
      async () => {
        const { rows } = await client.query<{ lag: string }>(
          `select pg_wal_lsn_diff(pg_current_wal_flush_lsn(), replay_lsn)::text as lag
             from pg_stat_replication where application_name = $1 and state = 'streaming'`,
          [to],
        );
        lag = rows[0] === undefined ? undefined : Number(rows[0].lag);
        return lag !== undefined && lag <= mostLag ? true : undefined;
      },
      {
        timeout: catchUpTimeout,
        interval: 20,
        progress: () => lag,
        onTimeout: () =>
          new UserError(
            `No switchover: ${to} ${lag === undefined ? `does not stream from ${from}` : `is ${formatBytes(lag)} behind ${from}, and may be ${formatBytes(mostLag)}`}. ${from} stays the primary; nothing was changed.`,
          ),
      },
    );
  });
}

/** Takes the mark off a primary that was about to become a standby, and is to stay what it is. */
export async function keepPrimary({ containers }: StepContext, node: string): Promise<void> {
  await containers[node]!.run(["bash", "-c", `rm -f ${paths.standbySignal} && sync ${paths.dataDirectory}`]);
}
