import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import type { Container } from "dockerode";
import { docker } from "./dockerClient.ts";

/** All that a container prints, on either stream, until it ends. */
export async function followLogs(container: Container): Promise<string> {
  const client = await docker();
  const stream = await container.logs({ follow: true, stdout: true, stderr: true });
  const printed = new PassThrough();
  client.modem.demuxStream(stream, printed, printed);
  stream.on("end", () => printed.end()).on("error", (error: Error) => printed.destroy(error));
  return text(printed);
}
