import type pg from "pg";
import { ContainerNotRunning, NodeContainer } from "../docker.ts";
import { connect, ServerUnavailable } from "../sql.ts";

/** What a node answered, or why it did not: what Docker calls its container, or what the server does instead. */
export type NodeAnswer<T> = { readonly answer: T } | { readonly state: string };

/**
 * One connection to a node that is kept open from question to question, and made anew when the node is back. `question` is asked in one
 * query; at most one is under way.
 */
export class NodeConnection<T> implements AsyncDisposable {
  private readonly container: NodeContainer;
  private readonly database: string;
  private readonly question: (client: pg.Client) => Promise<T>;
  private client: pg.Client | undefined;
  private underWay: Promise<NodeAnswer<T>> | undefined;

  constructor(container: NodeContainer, database: string, question: (client: pg.Client) => Promise<T>) {
    this.container = container;
    this.database = database;
    this.question = question;
  }

  /** Waits no longer than `bound` milliseconds; a question that is late is waited for by the next call. */
  async ask(bound: number): Promise<NodeAnswer<T>> {
    this.underWay ??= this.askUnbounded().finally(() => {
      this.underWay = undefined;
    });
    const { promise: late, resolve } = Promise.withResolvers<"late">();
    const timer = setTimeout(resolve, bound, "late");
    const first = await Promise.race([this.underWay, late]).finally(() => clearTimeout(timer));
    return first === "late" ? { state: await this.stateWithout("does not answer") } : first;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // With a query under way it is cut off, not waited for.
    await this.client?.end().catch(() => {});
  }

  private async askUnbounded(): Promise<NodeAnswer<T>> {
    try {
      this.client ??= await connect(this.container, this.database);
      return { answer: await this.question(this.client) };
    } catch (error) {
      const client = this.client;
      this.client = undefined;
      await client?.end().catch(() => {});
      return { state: await this.stateWithout(reasonOf(error)) };
    }
  }

  /** Docker knows better why a node does not answer, if its container isn't simply running. */
  private async stateWithout(reason: string): Promise<string> {
    const info = await this.container.inspect();
    if (info === undefined) return "absent";
    const state = NodeContainer.stateOf(info);
    return state === "running" ? reason : state;
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof ServerUnavailable || error instanceof ContainerNotRunning) return "not accepting connections";
  return `connection lost: ${(error as Error).message}`;
}
