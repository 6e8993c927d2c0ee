import { once } from "node:events";
import { MessageChannel, Worker } from "node:worker_threads";

let worker: Worker | undefined;

/**
 * A password's bcrypt hash, of cost 10, as the official plugin makes it. On a thread of its own: it takes up to 0.1 s, and the engine asks
 * about one resource after the other, so that all others would have to wait for it as well.
 */
export async function bcryptHash(password: string): Promise<string> {
  worker ??= new Worker(new URL("./bcryptWorker.ts", import.meta.url));
  const { port1: ours, port2: port } = new MessageChannel();
  const answer = once(ours, "message");
  worker.postMessage({ password, port }, [port]);
  const [hash] = await answer;
  ours.close();
  return hash;
}
