import type { Client } from "pg";
import type { SubscriptionPlan } from "../../../configs/logicalPlan.ts";
import { UserError } from "../../../configs/userError.ts";
import { until } from "../../until.ts";
import type { StepContext } from "../context.ts";
import { describeStop } from "./describeStop.ts";
import { inDatabase } from "./inDatabase.ts";
import { readSubscription } from "./readSubscription.ts";
import { standsStillAfter } from "./standsStillAfter.ts";

/**
 * Waits until the subscriber has got past everything that was written before the publications were last set: of that, a stream reads
 * what was published then. A publication that did not exist ends it with an error, and a table that was not in it is passed over. A
 * transaction that was open at that time is read so too, however late it commits. Throws a UserError as awaitPosition, and where such a
 * transaction does not end for two minutes.
 */
export async function awaitPublished(context: StepContext, plan: SubscriptionPlan, client: Client): Promise<void> {
  await awaitOpenTransactions(context);
  await awaitPosition(context, plan, client);
}

interface OpenTransaction {
  readonly id: string;
  readonly description: string;
}

const openTransactions = `
  select backend_xid::text as id,
         format('process %s of %s, application %L, since %s', pid, usename, application_name, xact_start::timestamptz(0)) as description
    from pg_stat_activity where datname = current_database() and backend_xid is not null and pid <> pg_backend_pid()
  union all
  select transaction::text, format('prepared transaction %L of %s, since %s', gid, owner, prepared::timestamptz(0))
    from pg_prepared_xacts where database = current_database()`;

async function awaitOpenTransactions(context: StepContext): Promise<void> {
  const { primary } = context.desired.plan;
  await inDatabase(context, primary, async (publisher) => {
    const read = async () => (await publisher.query<OpenTransaction>(openTransactions)).rows;
    const atFirst = new Set((await read()).map(({ id }) => id));
    let left: OpenTransaction[] = [];
    let told = false;
    await until(
      async () => {
        left = (await read()).filter(({ id }) => atFirst.has(id));
        if (left.length === 0) return true;
        if (!told) context.progress.say(`${primary}: waiting for ${left.length} open transactions to end`);
        told = true;
        return undefined;
      },
      {
        timeout: standsStillAfter,
        progress: () => left.length,
        onTimeout: () =>
          new UserError(
            `${primary}: what a subscription reads can't be changed while transactions are open that wrote before. For ${standsStillAfter / 1000} s these have not ended: ${left.map(({ description }) => description).join("; ")}. End them, and run \`up\` again.`,
          ),
      },
    );
  });
}

/** Waits until the subscriber has confirmed what the publisher has written by now. Throws a UserError where it stops, or stands still. */
export async function awaitPosition(context: StepContext, plan: SubscriptionPlan, client: Client): Promise<void> {
  const { node, name, slot } = plan;
  const { primary } = context.desired.plan;
  const log = () => context.containers[node]!.logTail(20);
  await inDatabase(context, primary, async (publisher) => {
    const { rows } = await publisher.query<{ lsn: string }>("select pg_current_wal_flush_lsn()::text as lsn");
    let confirmed: string | undefined;
    await until(
      async () => {
        const looked = await publisher.query<{ confirmed: string; reached: boolean }>(
          `select confirmed_flush_lsn::text as confirmed, confirmed_flush_lsn >= $2::pg_lsn as reached
             from pg_replication_slots where slot_name = $1`,
          [slot, rows[0]!.lsn],
        );
        if (looked.rows[0]?.reached) return true;
        if (!(await readSubscription(client, name)).enabled) throw new UserError(await describeStop(node, name, log));
        confirmed = looked.rows[0]?.confirmed;
        return undefined;
      },
      {
        timeout: standsStillAfter,
        progress: () => confirmed,
        onTimeout: async () =>
          new UserError(
            `${node} does not keep up with ${primary}: its slot ${slot} has not moved for ${standsStillAfter / 1000} s. The last lines of its log:\n${await log()}`,
          ),
      },
    );
  });
}
