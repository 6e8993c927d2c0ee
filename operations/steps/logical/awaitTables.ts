import type { Client } from "pg";
import { subscriptionOf } from "../../../configs/logicalPlan.ts";
import { ownSchema } from "../../../configs/ownSchema.ts";
import { UserError } from "../../../configs/userError.ts";
import { until } from "../../until.ts";
import type { StepContext } from "../context.ts";
import { describeStop } from "./describeStop.ts";
import { inDatabase } from "./inDatabase.ts";
import { standsStillAfter } from "./standsStillAfter.ts";

/**
 * Waits until every table of a node's subscription is copied and follows the stream, telling rows and bytes of each that is being copied.
 * Throws a UserError where the subscription stops, or where nothing moves for two minutes: no row more, no table's next state, no
 * position nearer to the publisher's.
 */
export async function awaitTables(context: StepContext, node: string): Promise<void> {
  const { name } = subscriptionOf(context.desired.plan, node);
  const log = () => context.containers[node]!.logTail(20);
  const reporter = new CopyReporter((line) => context.progress.say(`${node}: ${line}`));
  await inDatabase(context, node, async (client) => {
    let seen: Seen;
    await until(
      async () => {
        seen = await look(client, name);
        reporter.report(seen);
        if (seen.tables.every(({ state }) => state === "r")) return true;
        if (!seen.enabled) throw new UserError(await describeStop(node, name, log));
        return undefined;
      },
      {
        timeout: standsStillAfter,
        progress: () => JSON.stringify(seen),
        onTimeout: async () => new UserError(await describeStandstill(context, node, seen)),
      },
    );
  });
}

interface Seen {
  readonly enabled: boolean;
  readonly received: string | null;
  readonly tables: readonly { readonly table: string; readonly state: string }[];
  readonly copies: readonly { readonly table: string; readonly rows: number; readonly bytes: number }[];
}

async function look(client: Client, subscription: string): Promise<Seen> {
  const { rows } = await client.query<{ seen: Seen }>(
    `select json_build_object('enabled', s.subenabled,
       'received', (select max(received_lsn)::text from pg_stat_subscription w where w.subid = s.oid),
       'tables', coalesce((select json_agg(json_build_object('table', srrelid::regclass, 'state', srsubstate) order by srrelid)
          from pg_subscription_rel where srsubid = s.oid), '[]'),
       'copies', coalesce((select json_agg(json_build_object('table', c.relid::regclass, 'rows', c.tuples_processed, 'bytes', c.bytes_processed) order by c.relid)
          from pg_stat_progress_copy c where c.datname = current_database() and c.command = 'COPY FROM' and c.type = 'CALLBACK'), '[]')) as seen
       from pg_subscription s where s.subname = $1`,
    [subscription],
  );
  return rows[0]!.seen;
}

const reportEvery = 1000;

/** A line a second for each table that is being copied, and one when it follows the stream. */
class CopyReporter {
  private readonly say: (line: string) => void;
  private readonly ready = new Set<string>();
  private reported = performance.now();
  private first = true;

  constructor(say: (line: string) => void) {
    this.say = say;
  }

  report({ tables, copies }: Seen): void {
    const ready = tables
      .filter(({ state, table }) => state === "r" && !this.ready.has(table))
      .map(({ table }) => table);
    for (const table of ready) this.ready.add(table);
    const shown = ready.filter((table) => !table.startsWith(`${ownSchema}.`));
    // What was ready before is no news.
    if (shown.length > 0 && !this.first) this.say(`copied and following: ${shown.join(", ")}`);
    this.first = false;
    if (performance.now() - this.reported < reportEvery) return;
    this.reported = performance.now();
    for (const { table, rows, bytes } of copies) {
      this.say(`copying ${table}: ${rows} rows, ${(bytes / 1e6).toFixed(1)} MB`);
    }
  }
}

async function describeStandstill({ containers, desired }: StepContext, node: string, seen: Seen): Promise<string> {
  const waiting = seen.tables.filter(({ state }) => state !== "r").map(({ table, state }) => `${table} (${state})`);
  return `${node} does not keep up with ${desired.plan.primary}: for ${standsStillAfter / 1000} s nothing moved in ${waiting.join(", ")}. The last lines of its log:\n${await containers[node]!.logTail(20)}`;
}
