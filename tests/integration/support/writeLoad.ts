import type pg from "pg";
import { connectApplication } from "./application.ts";
import type { ThrowawayStack } from "./throwawayStack.ts";

export interface WriteLoadResult {
  /** Commits that came back without an error. */
  readonly acknowledged: number;
  readonly errors: readonly string[];
  /** What is in the table afterwards. */
  readonly rows: number;
}

/** An application at work: one connection to the primary as the owner role, one committed row after the other, until it is stopped. */
export class WriteLoad {
  private readonly client: pg.Client;
  private readonly work: Promise<Omit<WriteLoadResult, "rows">>;
  private stopped = false;

  private constructor(client: pg.Client) {
    this.client = client;
    this.work = this.writeRows();
  }

  static async start(stack: ThrowawayStack): Promise<WriteLoad> {
    const client = await connectApplication(stack);
    await client.query("create table if not exists ledger (number bigint generated always as identity primary key)");
    return new WriteLoad(client);
  }

  async stop(): Promise<WriteLoadResult> {
    this.stopped = true;
    const { acknowledged, errors } = await this.work;
    const { rows } = await this.client.query<{ count: string }>("select count(*) from ledger");
    await this.client.end();
    return { acknowledged, errors, rows: Number(rows[0]!.count) };
  }

  private async writeRows() {
    let acknowledged = 0;
    const errors: string[] = [];
    while (!this.stopped && errors.length < 10) {
      try {
        await this.client.query("insert into ledger default values");
        acknowledged++;
      } catch (error) {
        errors.push((error as Error).message);
      }
    }
    return { acknowledged, errors };
  }
}
