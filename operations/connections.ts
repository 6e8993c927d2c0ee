import type { Client } from "pg";
import type { NodeContainer } from "./docker.ts";
import { connect, superuserDatabase } from "./sql.ts";

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
  async use<T>(container: NodeContainer, work: (client: Client) => Promise<T>, database?: string): Promise<T> {
    const client = await this.take(container, database);
    try {
      return await work(client);
    } finally {
      this.giveBack(container, client, database);
    }
  }

  /** A connection without a trace of its former user; it has to be given back. Throws ServerUnavailable. */
  async take(container: NodeContainer, database = superuserDatabase): Promise<Client> {
    const idle = this.idleOf(container, database);
    for (let client = idle.pop(); client !== undefined; client = idle.pop()) {
      // Refused where a transaction was left open, and where the server is not the one any more that it was connected to.
      const clean = await client.query("discard all").then(
        () => true,
        () => false,
      );
      if (clean) return client;
      await client.end();
    }
    return this.open(container, database);
  }

  giveBack(container: NodeContainer, client: Client, database = superuserDatabase): void {
    this.idleOf(container, database).push(client);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const all = [...this.idle.values()].flat();
    this.idle.clear();
    await Promise.all(all.map((client) => client.end()));
  }

  private idleOf({ name }: NodeContainer, database: string): Client[] {
    const key = `${name}/${database}`;
    const known = this.idle.get(key) ?? [];
    this.idle.set(key, known);
    return known;
  }
}
