import type { Client } from "pg";
import type { NodeContainer } from "./docker.ts";
import { connect } from "./sql.ts";

/**
 * The SQL connections of one run, kept for the next who asks: to open one takes a tenth of a second. Each is used by one at a time. Who
 * makes this ends it: `await using`.
 */
export class Connections implements AsyncDisposable {
  private readonly idle = new Map<string, Client[]>();
  private readonly open: typeof connect;

  constructor(open = connect) {
    this.open = open;
  }

  /** Runs `work` on a connection of its own. Throws ServerUnavailable. */
  async use<T>(container: NodeContainer, work: (client: Client) => Promise<T>): Promise<T> {
    const client = await this.take(container);
    try {
      return await work(client);
    } finally {
      this.giveBack(container, client);
    }
  }

  /** A connection without a trace of its former user; it has to be given back. Throws ServerUnavailable. */
  async take(container: NodeContainer): Promise<Client> {
    for (let client = this.idleOf(container).pop(); client !== undefined; client = this.idleOf(container).pop()) {
      // Refused where a transaction was left open, and where the server is not the one any more that it was connected to.
      const clean = await client.query("discard all").then(
        () => true,
        () => false,
      );
      if (clean) return client;
      await client.end();
    }
    return this.open(container);
  }

  giveBack(container: NodeContainer, client: Client): void {
    this.idleOf(container).push(client);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const all = [...this.idle.values()].flat();
    this.idle.clear();
    await Promise.all(all.map((client) => client.end()));
  }

  private idleOf({ name }: NodeContainer): Client[] {
    const known = this.idle.get(name) ?? [];
    this.idle.set(name, known);
    return known;
  }
}
