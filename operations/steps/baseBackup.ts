import { dirname } from "node:path";
import { nodeConnection } from "../../configs/render/nodeConnection.ts";
import { paths } from "../../configs/render/paths.ts";
import { roles } from "../../configs/roles.ts";
import type { NodeContainer } from "../docker.ts";
import type { Progress } from "../progress.ts";
import { replaceRuntimeFile, wake } from "./node.ts";

const megabyte = 1e6;

/** Where the data volume is mounted, and the directory on it in which a base backup grows until it is put in place. */
export const volume = dirname(paths.dataDirectory);
export const backupDirectory = `${volume}/clone`;

/**
 * From now until a backup is put in place no server starts on a node, and none runs, nor anything else that an earlier attempt left: the
 * entrypoint's wake pipe is there only while it waits. Exclusively, because what an interrupted `up` left running may be about to lift a
 * hold of its own.
 */
export async function hold(container: NodeContainer, progress: Progress, node: string): Promise<void> {
  const script = `echo 'being cloned' > ${paths.hold}; [ ! -p ${paths.socketDirectory}/wake ] || [ -e ${backupDirectory} ] || echo idle`;
  if ((await container.run(["node-exclusively", "bash", "-c", script])) !== "") return;
  progress.say(`${node}: stopping PostgreSQL, to be cloned again`);
  await container.restart();
}

export interface BaseBackup {
  readonly from: string;
  /** Physical slot on `from` that keeps the WAL for whoever follows the backup. */
  readonly slot: string;
  readonly createSlot?: boolean;
}

/** Takes a base backup of `from` into `backupDirectory`, telling each tenth of it. The node is held. */
export async function takeBaseBackup(
  container: NodeContainer,
  progress: Progress,
  node: string,
  { from, slot, createSlot = false }: BaseBackup,
): Promise<void> {
  const options = [
    `--dbname=${nodeConnection(from, { user: roles.replicator })}`,
    `--pgdata=${backupDirectory}`,
    "--wal-method=stream",
    `--slot=${slot}`,
    ...(createSlot ? ["--create-slot"] : []),
    // A spread checkpoint would take minutes on a quiet server.
    "--checkpoint=fast",
    "--progress",
    "--sync-method=syncfs",
  ];
  const backup = ["node-exclusively", "bash", "-c", `rm -rf ${backupDirectory} && exec pg_basebackup "$@"`, "clone"];
  await container.run([...backup, ...options], {
    onStderrLine: reportProgress((line) => progress.say(`${node}: base backup from ${from}: ${line}`)),
  });
}

/** Shell commands that check the backup and make it ready to be started as a standby. */
export const verifyBackup = `cd ${volume}
pg_verifybackup --quiet ${backupDirectory}
touch ${backupDirectory}/standby.signal`;

/**
 * Shell commands that put what is in `backupDirectory` in place of whatever data there is, with a runtime file to start it by, and let go
 * of the node. Not to be run in one go with the backup: what an interrupted `up` leaves running in the container must not put it in place
 * later on. The note beside the data says when it was made, and from how much; `node-state` reads it back.
 */
export const putInPlace = (runtime: string) => `${replaceRuntimeFile(runtime)}
cd ${volume}
size=$(du -sb clone | cut -f 1)
rm -rf data.replaced
[ ! -e data ] || mv -T data data.replaced
mv -T clone data
rm -rf data.replaced
printf '%s %s\\n' "$(date -u +%FT%TZ)" "$size" > base-backup
rm -f initialised
sync -f .
rm -f ${paths.fence} ${paths.hold}
${wake}`;

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
