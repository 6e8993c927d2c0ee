import type pg from "pg";
import { connect } from "../../../operations/sql.ts";
import { eventually } from "./eventually.ts";
import type { ThrowawayStack } from "./throwawayStack.ts";

/** A lock on one node that makes an `up` wait in the middle of a step, until it is let go. */
export class HeldLock implements AsyncDisposable {
  private readonly stack: ThrowawayStack;
  private readonly node: string;
  private readonly client: pg.Client;
  private readonly pid: number;

  private constructor(stack: ThrowawayStack, node: string, client: pg.Client, pid: number) {
    this.stack = stack;
    this.node = node;
    this.client = client;
    this.pid = pid;
  }

  /** `mode` as LOCK TABLE has it: one that lets others read, since an `up` looks at everything before it does anything. */
  static async take(
    stack: ThrowawayStack,
    node: string,
    table: string,
    mode: "share" | "exclusive",
  ): Promise<HeldLock> {
    const client = await connect(stack.node(node), "app");
    await client.query("begin");
    await client.query(`lock table ${table} in ${mode} mode`);
    const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
    return new HeldLock(stack, node, client, rows[0]!.pid);
  }

  awaited(): Promise<true> {
    return eventually(`a step waits for a lock on ${this.node}`, async () => (await this.waiting()) > 0);
  }

  /** The server has noticed that whoever waited is no more. */
  abandoned(): Promise<true> {
    return eventually(`no step waits for a lock on ${this.node}`, async () => (await this.waiting()) === 0, 5_000);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.end();
  }

  /** Workers of subscriptions may wait, too. */
  private async waiting(): Promise<number> {
    const [row] = await this.stack.appSql<{ waiting: number }>(
      this.node,
      `select count(*)::int as waiting from pg_stat_activity
        where $1 = any(pg_blocking_pids(pid)) and backend_type = 'client backend' and application_name = 'postgres-cluster'`,
      [this.pid],
    );
    return row!.waiting;
  }
}
