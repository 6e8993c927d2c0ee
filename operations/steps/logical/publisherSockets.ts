import { UserError } from "../../../configs/userError.ts";
import type { NodeContainer } from "../../docker.ts";
import { serverSocket, socketFile } from "../../sql.ts";

/**
 * More than a program has open at a time: a socket is listened on again only a moment after its connection has ended, and libpq goes on
 * to the next of a list of hosts meanwhile.
 */
const count = 8;

/** Seconds after which a listener ends that an interrupted run has left behind. */
const acceptSeconds = 3600;

/**
 * The Unix socket of one node's server within reach of a program in another node's container, so that it may connect as superuser, by
 * `peer`, though no superuser is reachable over the network: the bytes go through this process, as they do when it connects itself.
 * Each of several sockets takes one connection at a time. They end with `await using`, and with this process.
 */
export class PublisherSockets implements AsyncDisposable {
  /** Directories of the sockets: libpq's `host`. */
  readonly directories: readonly string[];
  private readonly publisher: NodeContainer;
  private readonly subscriber: NodeContainer;
  private readonly open = new Set<{ destroy(): void }>();
  private closed = false;

  private constructor(publisher: NodeContainer, subscriber: NodeContainer, parent: string) {
    this.publisher = publisher;
    this.subscriber = subscriber;
    this.directories = Array.from({ length: count }, (_, index) => `${parent}/publisher-${index}`);
  }

  /** With sockets below the directory `parent` of the subscriber's container. */
  static async listen(publisher: NodeContainer, subscriber: NodeContainer, parent: string): Promise<PublisherSockets> {
    const sockets = new PublisherSockets(publisher, subscriber, parent);
    await Promise.all(sockets.directories.map((directory) => sockets.listenIn(directory)));
    return sockets;
  }

  /** Whoever still listens is told to end: it would wait for a connection, and not look at what it is connected to. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.closed = true;
    const listeners = this.directories.map((directory) => `${directory}/pid`).join(" ");
    await this.subscriber.exec(["bash", "-c", `kill $(cat ${listeners}) 2>/dev/null`]);
    for (const stream of this.open) stream.destroy();
  }

  /** Resolves once there is a socket. What happens to its connections is seen by who makes them. */
  private async listenIn(directory: string): Promise<void> {
    const path = `${directory}/${socketFile}`;
    const socat = `socat -d -d STDIO UNIX-LISTEN:${path},accept-timeout=${acceptSeconds}`;
    const listen = `mkdir -p ${directory} && rm -f ${path} && echo $$ > ${directory}/pid && exec ${socat}`;
    const { stream, output, errors } = await this.subscriber.open(["bash", "-c", listen]);
    this.open.add(stream);
    stream.on("error", () => {}); // its end is what counts
    stream.on("close", () => this.open.delete(stream));
    output.once("data", (first: Buffer) => {
      this.connect(first, stream, output).catch(() => stream.destroy());
    });
    output.on("end", () => {
      // Where that fails there is no socket, of which the program that would connect speaks.
      if (!this.closed) this.listenIn(directory).catch(() => {});
    });
    await listening(errors, `${this.subscriber.name}: no socket in ${directory}`);
  }

  /** A client of PostgreSQL speaks first. */
  private async connect(
    first: Buffer,
    stream: NodeJS.WritableStream & { destroy(): void },
    output: NodeJS.ReadableStream,
  ) {
    output.pause();
    const server = await this.publisher.open(["socat", "-", `UNIX-CONNECT:${serverSocket}`]);
    this.open.add(server.stream);
    server.stream.on("error", () => stream.destroy());
    server.stream.on("close", () => this.open.delete(server.stream));
    server.stream.write(first);
    output.pipe(server.stream);
    server.output.pipe(stream);
  }
}

/** socat says so when it listens; where it can't, it says why, and ends. */
function listening(errors: NodeJS.ReadableStream, problem: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = "";
    errors.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes("listening on")) resolve();
    });
    errors.on("end", () => reject(new UserError(`${problem}: ${said.trim()}`)));
  });
}
