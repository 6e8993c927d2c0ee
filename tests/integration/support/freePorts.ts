import { once } from "node:events";
import { createServer } from "node:net";

/** Below the range from which Linux takes ports for outgoing connections, and above those that services are known by. */
const range = { from: 20_000, to: 32_000 };

/** Ports of 127.0.0.1 that nobody listens on now, picked at random so that two test runs at a time rarely meet. */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = range.from + Math.floor(Math.random() * (range.to - range.from));
    if (await isFree(port)) ports.add(port);
  }
  return [...ports];
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") return false;
    throw error;
  }
  server.close();
  await once(server, "close");
  return true;
}
