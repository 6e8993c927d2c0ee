import { dirname } from "node:path";
import { paths } from "../../configs/render/paths.ts";
import { superuser } from "../../configs/roles.ts";
import { runtimeText } from "../desired.ts";
import type { StepContext } from "./context.ts";
import { replaceRuntimeFile, startServer, wake } from "./node.ts";

/**
 * Makes an empty cluster on a node and starts it. initdb works in a directory beside the data directory that is renamed when it is
 * complete: one that was cut off is never mistaken for data. `mv -T` refuses to go over a data directory that has come up since.
 */
export async function initialise({ desired, containers, progress }: StepContext, node: string): Promise<void> {
  const container = containers[node]!;
  progress.say(`${node}: initialising an empty cluster`);
  const initdb = [
    "initdb",
    "--pgdata=initdb",
    `--username=${superuser}`,
    "--auth-local=peer",
    "--auth-host=scram-sha-256",
    "--data-checksums",
    "--encoding=UTF8",
    // The built-in provider sorts the same on every operating system and across upgrades of its C library.
    "--locale=C.UTF-8 --locale-provider=builtin --builtin-locale=C.UTF-8",
    "--sync-method=syncfs",
  ].join(" ");
  // The runtime file first: the entrypoint starts a server as soon as there is data, and must not find the quorum of a cluster that is no
  // more.
  const script = `set -e
${replaceRuntimeFile(runtimeText(desired, node, ""))}
cd ${dirname(paths.dataDirectory)}
rm -rf initdb
${initdb} >&2
mv -T --no-clobber initdb data
test ! -e initdb
date -u +%FT%TZ > initialised
${wake}`;
  await container.run(["node-exclusively", "bash", "-c", script]);
  await startServer(container);
}
