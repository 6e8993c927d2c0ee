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
  private cluster: Desired;
  private change = new AbortController();
  /** Of all sessions: by it they are told from those of other witnesses. */
  readonly applicationName: string;
  /** What went wrong with connections, and how often. */
  readonly errors = new Map<string, number>();
  private readonly bounds: WitnessBounds;

  constructor(desired: Desired, applicationName: string, bounds: WitnessBounds) {
    this.cluster = desired;
    this.applicationName = applicationName;
    this.bounds = bounds;
  }

  get desired(): Desired {
    return this.cluster;
  }

  set desired(desired: Desired) {
    this.cluster = desired;
    this.change.abort();
    this.change = new AbortController();
  }

  /** Aborted as soon as what it is now does not hold any more. */
  get changed(): AbortSignal {
    return this.change.signal;
  }

  get nodes(): readonly string[] {
    return this.desired.plan.nodes.map(({ name }) => name);
  }

  /** For a connection of the application's role to one node. Who gets it connects it, and cuts it off when done, connected or not. */
  client(node: string, settings: Readonly<Record<string, string>> = {}): pg.Client {
    const { connectWithin, answerWithin } = this.bounds;
    const options = Object.entries({ ...sessionSettings, ...settings }).map(([name, value]) => `-c ${name}=${value}`);
    const client = new pg.Client({
      ...applicationConnection(this.desired, node, { name: this.applicationName, bound: connectWithin }),
      query_timeout: answerWithin,
      options: options.join(" "),
    });
    client.on("error", () => {}); // the query at work reports it, or the next one
    return client;
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
