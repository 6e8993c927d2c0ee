import { Duplex } from "node:stream";
import pg from "pg";
import { paths, postgresPort } from "../configs/render/paths.ts";
import type { NodeContainer } from "./docker.ts";

/** Where administration connects to when nothing else is said. */
export const superuserDatabase = "postgres";

/** Name of the file of a server's Unix socket, in its directory. */
export const socketFile = `.s.PGSQL.${postgresPort}`;

/** A node's server listens here. */
export const serverSocket = `${paths.socketDirectory}/${socketFile}`;

/**
 * Milliseconds after which a server that is at work on a statement, or waits in it, looks whether its client is still there. Left alone, it
 * would carry out the statement of a run that was killed under the hands of the next one.
 */
const checkInterval = 100;

/**
 * Connects as superuser `postgres` by `peer` over the node's Unix socket, carried by an exec in its container: no superuser is
 * reachable over the network, and no port has to be published. Rejects when the server doesn't accept connections.
 * The caller ends the client.
 */
export async function connect(container: NodeContainer, database = superuserDatabase): Promise<pg.Client> {
  let complaint = "";
  const { stream, output, errors } = await container.open(["socat", "-", `UNIX-CONNECT:${serverSocket}`]);
  errors.setEncoding("utf8").on("data", (text) => {
    complaint += text;
  });
  const client = new pg.Client({
    user: "postgres",
    database,
    application_name: "postgres-cluster",
    options: `-c client_connection_check_interval=${checkInterval}`,
    stream: () => new ExecSocket(stream, output) as never,
  });
  // A connection that breaks between two queries would otherwise end the process; the next query reports it.
  client.on("error", () => {});
  try {
    await client.connect();
  } catch (error) {
    stream.destroy();
    throw new ServerUnavailable(container.name, complaint.trim() || String((error as Error).message), { cause: error });
  }
  return client;
}

/** Runs `work` on a connection of its own, which is ended in any case. */
export async function withConnection<T>(
  container: NodeContainer,
  work: (client: pg.Client) => Promise<T>,
  database = superuserDatabase,
): Promise<T> {
  const client = await connect(container, database);
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** The server of a node doesn't accept connections (yet, or any more). */
export class ServerUnavailable extends Error {
  override name = "ServerUnavailable";
  /** In the server's or socat's words. */
  readonly reason: string;

  constructor(container: string, reason: string, options?: ErrorOptions) {
    super(`${container}: PostgreSQL does not accept connections: ${reason}`, options);
    this.reason = reason;
  }
}

/** Looks to `pg` like a network socket; carries the bytes over an exec's stdin and stdout. */
class ExecSocket extends Duplex {
  private readonly input: Duplex;

  constructor(input: Duplex, output: Duplex) {
    super();
    this.input = input;
    output.on("data", (chunk) => this.push(chunk));
    input.on("end", () => this.push(null)).on("close", () => this.destroy());
    input.on("error", (error) => this.destroy(error));
  }

  connect(): this {
    process.nextTick(() => this.emit("connect"));
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.input.write(chunk, done);
  }

  override _final(done: () => void): void {
    this.input.end();
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.input.destroy();
    done(error);
  }
}
