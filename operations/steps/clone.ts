import { dirname } from "node:path";
import { nodeConnection } from "../../configs/render/nodeConnection.ts";
import { paths } from "../../configs/render/paths.ts";
import { roles } from "../../configs/roles.ts";
import type { Connections } from "../connections.ts";
import { runtimeText } from "../desired.ts";
import type { NodeContainer } from "../docker.ts";
import type { Progress } from "../progress.ts";
import type { StepContext } from "./context.ts";
import { replaceRuntimeFile, startServer, wake } from "./node.ts";
import { awaitStreaming } from "./streaming.ts";

const megabyte = 1e6;

/**
 * Makes a node a fresh standby: base backup from `from`, checked with pg_verifybackup, put in place by a rename, started, and waited
 * for until it streams. The backup grows in a directory of its own, so one that was cut off is never mistaken for data; until it is
 * in place the node is held, so nothing runs on the data directory that it replaces.
 */
export async function clone(context: StepContext, node: string, from: string): Promise<void> {
  const { desired, containers, connections, progress } = context;
  const container = containers[node]!;
  await hold(container, progress, node);
  await renewLostSlot(connections, containers[from]!, desired.nodes[node]!.plan.slot);
  const backup = ["node-exclusively", "bash", "-c", `rm -rf ${directory} && exec pg_basebackup "$@"`, "clone"];
  await container.run([...backup, ...backupOptions(desired.nodes[node]!.plan.slot, from)], {
    onStderrLine: reportProgress((line) => progress.say(`${node}: base backup from ${from}: ${line}`)),
  });
  // Not in one go with the backup: what an interrupted `up` leaves running in the container must not put it in place later on.
  const runtime = runtimeText(desired, node, desired.plan.synchronousStandbyNames);
  await container.run(["node-exclusively", "bash", "-c", verifyAndPutInPlace(runtime)]);
  progress.say(`${node}: base backup verified and put in place`);
  await startServer(container);
  await awaitStreaming(context, node, from);
  progress.say(`${node}: streaming from ${from}`);
}

const volume = dirname(paths.dataDirectory);
const directory = `${volume}/clone`;

/**
 * From now until the clone is in place no server starts here, and none runs: the entrypoint's wake pipe is there only while it waits.
 * Exclusively, because what an interrupted `up` left running may be about to lift a hold of its own.
 */
async function hold(container: NodeContainer, progress: Progress, node: string): Promise<void> {
  const script = `echo 'being cloned' > ${paths.hold}; [ ! -p ${paths.socketDirectory}/wake ] || echo waiting`;
  if ((await container.run(["node-exclusively", "bash", "-c", script])) !== "") return;
  progress.say(`${node}: stopping PostgreSQL, to be cloned again`);
  await container.restart();
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

/** The note beside the data says what the standby was made from; `node-state` reads it back. */
const verifyAndPutInPlace = (runtime: string) => `set -e
${replaceRuntimeFile(runtime)}
cd ${volume}
pg_verifybackup --quiet clone
touch clone/standby.signal
size=$(du -sb clone | cut -f 1)
rm -rf data.replaced
[ ! -e data ] || mv -T data data.replaced
mv -T clone data
rm -rf data.replaced
printf '%s %s\\n' "$(date -u +%FT%TZ)" "$size" > base-backup
sync -f .
rm ${paths.hold}
${wake}`;

function backupOptions(slot: string, from: string): string[] {
  return [
    `--dbname=${nodeConnection(from, { user: roles.replicator })}`,
    `--pgdata=${directory}`,
    "--wal-method=stream",
    `--slot=${slot}`,
    // A spread checkpoint would take minutes on a quiet server.
    "--checkpoint=fast",
    "--progress",
    "--sync-method=syncfs",
  ];
}

/** Turns `23456/45678 kB (51%), 0/1 tablespace` into a line each time another tenth is done. */
function reportProgress(say: (line: string) => void): (line: string) => void {
  let tenths = -1;
  return (line) => {
    const match = /(\d+)\/(\d+) kB \((\d+)%\)/.exec(line);
    if (match === null) return;
    const [done, total, percent] = match.slice(1).map(Number) as [number, number, number];
    const reached = Math.floor(percent / 10);
    if (reached <= tenths) return;
    tenths = reached;
    say(`${percent} % (${((done * 1024) / megabyte).toFixed(1)} of ${((total * 1024) / megabyte).toFixed(1)} MB)`);
  };
}
