import { paths } from "../../configs/render/paths.ts";
import { UserError } from "../../configs/userError.ts";
import { ContainerNotRunning, type NodeContainer } from "../docker.ts";

/** Seconds that a server may take to accept connections; crash recovery of a busy server is the longest part. */
const startSeconds = 600;
/** Seconds after which an entrypoint that was woken and still waits has something to wait for. */
const wakeSeconds = 5;

/**
 * Shell commands that make `text` the runtime file, in one rename, so that a server that starts at any moment reads the old one or the
 * new one.
 */
export function replaceRuntimeFile(text: string): string {
  const encoded = Buffer.from(text).toString("base64");
  const draft = `${paths.runtimeConf}.new`;
  return `printf %s ${encoded} | base64 -d > ${draft} && sync ${draft} && mv ${draft} ${paths.runtimeConf}`;
}

/** The pipe is there only while the entrypoint waits; written to, it looks again at once. */
const wakePipe = `${paths.socketDirectory}/wake`;

/** A shell command that lets a waiting entrypoint look again. Opened for reading as well, or it would wait for ever for one that stops waiting just now. */
export const wake = `[ ! -p ${wakePipe} ] || echo 1<> ${wakePipe}`;

const wakeAndAwait = `
rm -f ${paths.hold}
${wake}
while ! pg_isready --quiet --host=${paths.socketDirectory}; do
  if [ -p ${wakePipe} ]; then [ $SECONDS -lt ${wakeSeconds} ] || exit 1; fi
  [ $SECONDS -lt ${startSeconds} ] || exit 1
  sleep 0.05
done`;

/** Lifts a hold, wakes the entrypoint and waits until the server accepts connections (a standby: has reached consistency). */
export async function startServer(container: NodeContainer): Promise<void> {
  if (await becomesReady(container)) return;
  throw new UserError(
    `${container.name}: PostgreSQL did not start. The last lines of its log:\n${await container.logTail(20)}`,
  );
}

/**
 * Shell commands that shut the server down fast and wait until it has ended; none where none runs. The entrypoint starts it again, at once, with
 * what is on the volumes by then.
 */
export const stopServer = `postmaster=$(head -n 1 ${paths.dataDirectory}/postmaster.pid 2>/dev/null || true)
if [ -n "$postmaster" ]; then
  kill -INT "$postmaster"
  while kill -0 "$postmaster" 2>/dev/null; do sleep 0.01; done
fi`;

/** A container that ends while it is waited for has a server that can't start, and is being restarted by Docker. */
async function becomesReady(container: NodeContainer): Promise<boolean> {
  try {
    return (await container.exec(["bash", "-c", wakeAndAwait])).exitCode === 0;
  } catch (error) {
    if (error instanceof ContainerNotRunning) return false;
    throw error;
  }
}
