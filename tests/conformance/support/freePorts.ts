import { once } from "node:events";
import { createServer, type Server } from "node:net";

/** The first of two successive ports of 127.0.0.1 that are free. */
export async function freePorts(): Promise<number> {
  const first = await listen(0);
  const { port } = first.address() as { port: number };
  const second = await listen(port + 1).catch(() => undefined);
  first.close();
  second?.close();
  return second === undefined ? freePorts() : port;
}

async function listen(port: number): Promise<Server> {
  const server = createServer();
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return server;
}
