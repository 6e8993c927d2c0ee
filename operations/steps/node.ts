import { paths } from "../../configs/render/paths.ts";
import { UserError } from "../../configs/userError.ts";
import type { NodeContainer } from "../docker.ts";

/** Seconds that a server may take to accept connections; crash recovery of a busy server is the longest part. */
const startSeconds = 600;

/** Replaces the runtime file in one rename, so that a server that starts at any moment reads the old one or the new one. */
export async function writeRuntimeFile(container: NodeContainer, text: string): Promise<void> {
  const encoded = Buffer.from(text).toString("base64");
  const script = 'printf %s "$1" | base64 -d > "$2.new" && sync "$2.new" && mv "$2.new" "$2"';
  await container.run(["bash", "-c", script, "write-runtime", encoded, paths.runtimeConf]);
}

/** Has the entrypoint look again at once. Without effect on a running server. */
const wake = `[ ! -p ${paths.socketDirectory}/wake ] || echo > ${paths.socketDirectory}/wake`;

/** Wakes the entrypoint and waits until the server accepts connections (a standby: has reached consistency). */
export async function startServer(container: NodeContainer): Promise<void> {
  const script = `${wake}; timeout ${startSeconds} bash -c 'until pg_isready --quiet --host=${paths.socketDirectory}; do sleep 0.05; done'`;
  const { exitCode } = await container.exec(["bash", "-c", script]);
  if (exitCode === 0) return;
  throw new UserError(
    `${container.name}: PostgreSQL did not start. The last lines of its log:\n${await container.logTail(20)}`,
  );
}
