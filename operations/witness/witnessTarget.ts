import pg from "pg";
import { applicationConnection } from "../applicationConnection.ts";
import type { Desired } from "../desired.ts";

/** The role's own settings come after these, so that what the witness relies on is so whatever they say; see outcomeOf. */
const sessionSettings = { client_min_messages: "warning" };

/**
 * The cluster that a witness connects to, as an application does. Which nodes it has and how they let a client in may change meanwhile:
 * new connections go by what was told last.
 */
export class WitnessTarget {
  desired: Desired;
  /** Of all sessions: by it they are told from those of other witnesses. */
  readonly applicationName: string;
  /** What went wrong with connections, and how often. */
  readonly errors = new Map<string, number>();
  private readonly bounds: WitnessBounds;

  constructor(desired: Desired, applicationName: string, bounds: WitnessBounds) {
    this.desired = desired;
    this.applicationName = applicationName;
    this.bounds = bounds;
  }

  get nodes(): readonly string[] {
    return this.desired.plan.nodes.map(({ name }) => name);
  }

  /** A connection of the application's role to one node. Who gets it ends it, or cuts it off. */
  async open(node: string, settings: Readonly<Record<string, string>> = {}): Promise<pg.Client> {
    const { connectWithin, answerWithin } = this.bounds;
    const options = Object.entries({ ...sessionSettings, ...settings }).map(([name, value]) => `-c ${name}=${value}`);
    const client = new pg.Client({
      ...applicationConnection(this.desired, node, { name: this.applicationName, bound: connectWithin }),
      query_timeout: answerWithin,
      options: options.join(" "),
    });
    client.on("error", () => {}); // the query at work reports it, or the next one
    try {
      await client.connect();
      return client;
    } catch (error) {
      cut(client);
      throw error;
    }
  }

  complain(node: string, error: unknown): void {
    const text = `${node}: ${(error as Error).message || String(error)}`;
    this.errors.set(text, (this.errors.get(text) ?? 0) + 1);
  }
}

/** Milliseconds. */
export interface WitnessBounds {
  /** To be connected, logged in included. */
  readonly connectWithin: number;
  /** For the answer to a statement; later the connection is given up, and the outcome is indeterminate. */
  readonly answerWithin: number;
}

/** Ends a connection without a word to the server: with a hung one there is nothing to wait for. */
export function cut(client: pg.Client): void {
  client.connection.stream.destroy();
}
