import { connect } from "../../../operations/sql.ts";
import type { ThrowawayStack } from "./throwawayStack.ts";

export interface RowsWritten {
  /** Rows whose insert came back without an error. */
  readonly acknowledged: number;
  /** Theirs. */
  readonly ids: readonly number[];
  readonly errors: readonly string[];
}

export interface RowLoad {
  readonly clients: number;
  /** As many as come until stop(), when left out. */
  readonly rows?: number;
  /** Of each client before each of its rows, in milliseconds. */
  readonly pause?: number;
}

/** Clients that insert rows with ids of their own into a table (id, client, text) of the publisher, one after the other. */
export class RowWriter implements AsyncDisposable {
  /** Resolves when the wanted number of rows is written, or after stop(). */
  readonly finished: Promise<RowsWritten>;
  private stopping = false;
  private static nextId = 10_000;

  private constructor(work: (writer: RowWriter) => Promise<RowsWritten>) {
    this.finished = work(this);
    this.finished.catch(() => {});
  }

  static async start(
    stack: ThrowawayStack,
    table: string,
    { clients, rows = Number.POSITIVE_INFINITY, pause = 0 }: RowLoad,
  ): Promise<RowWriter> {
    const connections = await Promise.all(Array.from({ length: clients }, () => connect(stack.node("pg-1"), "app")));
    return new RowWriter(async (writer) => {
      const errors: string[] = [];
      const ids: number[] = [];
      let begun = 0;
      const work = connections.map(async (client, number) => {
        while (!writer.stopping && begun < rows) {
          begun++;
          const id = RowWriter.nextId++;
          try {
            await client.query(`insert into ${table} select $1, $2, 'row' from pg_sleep($3)`, [
              id,
              number,
              pause / 1000,
            ]);
            ids.push(id);
          } catch (error) {
            errors.push((error as Error).message);
            break;
          }
        }
      });
      await Promise.all(work);
      await Promise.all(connections.map((client) => client.end()));
      return { acknowledged: ids.length, ids, errors };
    });
  }

  stop(): Promise<RowsWritten> {
    this.stopping = true;
    return this.finished;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}
