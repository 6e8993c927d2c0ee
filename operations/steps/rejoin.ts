import { nodeConnection } from "../../configs/render/nodeConnection.ts";
import { paths } from "../../configs/render/paths.ts";
import { roles } from "../../configs/roles.ts";
import { UserError } from "../../configs/userError.ts";
import { runtimeText } from "../desired.ts";
import { formatBytes } from "../formatBytes.ts";
import { clone } from "./clone.ts";
import type { StepContext } from "./context.ts";
import { replaceRuntimeFile, startServer, wake } from "./node.ts";
import { awaitStreaming } from "./streaming.ts";

/**
 * Makes a former primary that a failover has fenced a standby of `from`: by pg_rewind, which copies what has come apart, or else by a clone.
 * A data directory in which pg_rewind failed, or was cut off, must not be started any more (manual, "pg_rewind"), so the node is held for as
 * long, and the fence stays until it is a standby.
 */
export async function rejoin(context: StepContext, node: string, from: string): Promise<void> {
  const { containers, connections, progress } = context;
  // Until its first checkpoint the control file of a promoted server has the old timeline, by which pg_rewind compares.
  await connections.use(containers[from]!, (client) => client.query("checkpoint"));
  progress.say(`${node}: rewinding to where ${from} has gone another way`);
  try {
    await rewind(context, node, from);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    progress.say(`${node}: could not be rewound, is cloned instead: ${error.message}`);
    return clone(context, node, from);
  }
  await startServer(containers[node]!);
  await awaitStreaming(context, node, from);
  progress.say(`${node}: streaming from ${from}`);
}

async function rewind({ desired, containers, progress }: StepContext, node: string, from: string): Promise<void> {
  const options = [
    `--target-pgdata=${paths.dataDirectory}`,
    `--source-server=${nodeConnection(from, { user: roles.rewind, dbname: "postgres" })}`,
    // With which it recovers a server that crashed.
    `--config-file=${paths.postgresqlConf}`,
    "--sync-method=syncfs",
    "--progress",
  ];
  const script = `set -e
echo 'being rewound' > ${paths.hold}
pg_rewind "$@" >&2
${replaceRuntimeFile(runtimeText(desired, node, desired.plan.synchronousStandbyNames))}
touch ${paths.standbySignal}
sync -f ${paths.dataDirectory}
rm -f ${paths.fence} ${paths.hold}
${wake}`;
  await containers[node]!.run(["node-exclusively", "bash", "-c", script, "rewind", ...options], {
    onStderrLine: (line) => {
      const copied = /need to copy (\d+) MB \(total source directory size is (\d+) MB\)/.exec(line);
      if (copied !== null) {
        progress.say(
          `${node}: ${formatBytes(Number(copied[1]) * 2 ** 20)} of ${formatBytes(Number(copied[2]) * 2 ** 20)} are copied`,
        );
      }
      if (line.includes("no rewind required")) progress.say(`${node}: has nothing that ${from} has not`);
    },
  });
}
