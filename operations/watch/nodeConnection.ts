import type pg from "pg";
import { ContainerNotRunning, NodeContainer } from "../docker.ts";
import { connect, ServerUnavailable } from "../sql.ts";

/** What a node answered, or why it did not: what Docker calls its container, or what the server does instead. */
export type NodeAnswer<T> = { readonly answer: T } | { readonly state: string };

/** A question that has had no answer for so many milliseconds is given up, and its connection with it. */
const giveUpAfter = 10_000;

/**
 * One connection to a node that is kept open from question to question, and made anew when the node is back. `question` is asked in one
 * query; at most one is under way.
 */
export class NodeConnection<T> implements AsyncDisposable {
  private readonly container: NodeContainer;
  private readonly database: string;
  private readonly question: (client: pg.Client) => Promise<T>;
  private client: pg.Client | undefined;
  private underWay: { readonly answered: Promise<NodeAnswer<T>>; readonly since: number } | undefined;
  /** Counts what was given up: what comes back of that afterwards is of no use any more. */
  private generation = 0;

  constructor(container: NodeContainer, database: string, question: (client: pg.Client) => Promise<T>) {
    this.container = container;
    this.database = database;
    this.question = question;
  }

  /** Waits no longer than `bound` milliseconds; a question that is late is waited for by the next call. */
  async ask(bound: number): Promise<NodeAnswer<T>> {
    if (this.underWay !== undefined && performance.now() - this.underWay.since > giveUpAfter) this.giveUp();
    this.underWay ??= { answered: this.askUnbounded(this.generation), since: performance.now() };
    const { underWay } = this;
    const { promise: late, resolve } = Promise.withResolvers<"late">();
    const timer = setTimeout(resolve, bound, "late");
    const first = await Promise.race([underWay.answered, late]).finally(() => clearTimeout(timer));
    if (first === "late") return { state: await this.stateUnless("does not answer") };
    if (this.underWay === underWay) this.underWay = undefined;
    return first;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.giveUp();
  }

  private async askUnbounded(generation: number): Promise<NodeAnswer<T>> {
    let client = this.client;
    try {
      if (client === undefined) {
        client = await connect(this.container, this.database);
        if (generation !== this.generation) throw new Error("given up meanwhile");
        this.client = client;
      }
      return { answer: await this.question(client) };
    } catch (error) {
      if (this.client === client) this.client = undefined;
      if (client !== undefined) end(client);
      return { state: await this.stateUnless(reasonOf(error)) };
    }
  }

  private giveUp(): void {
    if (this.client !== undefined) end(this.client);
    this.client = undefined;
    this.underWay = undefined;
    this.generation++;
  }

  /** Docker knows better why a node does not answer, if its container isn't simply running. */
  private async stateUnless(reason: string): Promise<string> {
    try {
      const info = await this.container.inspect();
      if (info === undefined) return "absent";
      const state = NodeContainer.stateOf(info);
      return state === "running" ? reason : state;
    } catch (error) {
      return `Docker does not answer: ${(error as Error).message}`;
    }
  }
}

/** With a query under way the connection is cut off at once. It may be broken already. */
function end(client: pg.Client): void {
  client.end().catch(() => {});
}

function reasonOf(error: unknown): string {
  if (error instanceof ServerUnavailable || error instanceof ContainerNotRunning) return "not accepting connections";
  return `connection lost: ${(error as Error).message}`;
}
