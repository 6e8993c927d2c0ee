import pg, { type Client } from "pg";
import { type SubscriptionPlan, subscriptionOf } from "../../../configs/logicalPlan.ts";
import { UserError } from "../../../configs/userError.ts";
import { publicationsOf } from "../../logical/publications.ts";
import { plannedOptions, subscriptionOptions, subscriptionOptionsOf } from "../../logical/subscriptionOptions.ts";
import type { Step } from "../../step.ts";
import { until } from "../../until.ts";
import type { StepContext } from "../context.ts";
import { prepareCopies, recordCopies } from "./copies.ts";
import { describeStop } from "./describeStop.ts";
import { inDatabase, inTransaction } from "./inDatabase.ts";
import { standsStillAfter } from "./standsStillAfter.ts";

/** Milliseconds for a worker to end, or a slot to be free. */
const timeout = 300_000;

/**
 * Makes the slot, subscribes, and starts to copy `tables`. That a copy has begun is entered in the transaction that begins it: with a
 * slot that is there already, CREATE SUBSCRIPTION may run in one.
 */
export async function createSubscription(
  context: StepContext,
  step: Step & { readonly kind: "createSubscription" },
): Promise<void> {
  const plan = subscriptionOf(context.desired.plan, step.node);
  context.progress.say(`${step.node}: subscribing to ${plan.publications.join(", ")}`);
  await inDatabase(context, context.desired.plan.primary, (client) =>
    client.query("select pg_create_logical_replication_slot($1, 'pgoutput', failover => true)", [plan.slot]),
  );
  await inDatabase(context, step.node, (client) =>
    inTransaction(client, async () => {
      await prepareCopies(client, context, step);
      await recordCopies(client, step);
      await client.query(
        `create subscription ${pg.escapeIdentifier(plan.name)} connection ${pg.escapeLiteral(plan.conninfo)}
           publication ${list(publicationsOf(plan))}
           with (create_slot = false, slot_name = ${pg.escapeLiteral(plan.slot)}, ${subscriptionOptions})`,
      );
    }),
  );
}

/**
 * Sets a subscription's connection, options and publications, and enables it. It gets new publications only once it has got past the
 * moment at which they were made: at an earlier position of the stream a publication does not exist, which ends the stream with an
 * error. For the same reason it leaves those that are gone before it is enabled.
 */
export async function alterSubscription(
  context: StepContext,
  { node, publications }: Step & { readonly kind: "alterSubscription" },
): Promise<void> {
  const plan = subscriptionOf(context.desired.plan, node);
  const name = pg.escapeIdentifier(plan.name);
  await inDatabase(context, node, async (client) => {
    const found = await readSubscription(client, plan.name);
    const kept = found.publications.filter((each) => publications.includes(each));
    const set = (names: readonly string[]) =>
      client.query(`alter subscription ${name} set publication ${list(names)} with (refresh = false)`);
    if (found.conninfo !== plan.conninfo) {
      await client.query(`alter subscription ${name} connection ${pg.escapeLiteral(plan.conninfo)}`);
    }
    if (found.options !== plannedOptions) {
      // One of them, failover, is a property of the slot too, and is set only while nothing streams from it.
      await client.query(`alter subscription ${name} disable`);
      await awaitNoWorker(client, plan);
      await awaitIdleSlot(context, plan);
      await client.query(`alter subscription ${name} set (${subscriptionOptions})`);
    }
    if (kept.length > 0 && kept.length < found.publications.length) await set(kept);
    await client.query(`alter subscription ${name} enable`);
    const complete = kept.length === publications.length;
    // One that an error has stopped shows here whether it goes on now.
    if (!found.enabled || !complete) await awaitPosition(context, plan, client);
    if (!complete) await set(publications);
  });
}

interface Subscription {
  readonly conninfo: string;
  readonly options: string;
  /** Sorted. */
  readonly publications: readonly string[];
  readonly enabled: boolean;
  /** Its apply worker runs. */
  readonly running: boolean;
}

async function readSubscription(client: Client, name: string): Promise<Subscription> {
  const { rows } = await client.query<Subscription>(
    `select s.subconninfo as conninfo, ${subscriptionOptionsOf("s")} as options, s.subenabled as enabled,
            (select array_agg(p order by p) from unnest(s.subpublications) p) as publications,
            exists (select from pg_stat_subscription w where w.subid = s.oid and w.pid is not null) as running
       from pg_subscription s where s.subname = $1`,
    [name],
  );
  return rows[0]!;
}

async function awaitNoWorker(client: Client, { node, name }: SubscriptionPlan): Promise<void> {
  await until(async () => ((await readSubscription(client, name)).running ? undefined : true), {
    timeout,
    interval: 20,
    onTimeout: () => new UserError(`${node}: the apply worker of subscription ${name} does not end.`),
  });
}

/** The walsender of a worker that has just ended lives on for a moment. */
async function awaitIdleSlot(context: StepContext, { slot }: SubscriptionPlan): Promise<void> {
  const { primary } = context.desired.plan;
  await inDatabase(context, primary, (publisher) =>
    until(
      async () => {
        const used = await publisher.query("select from pg_replication_slots where slot_name = $1 and active", [slot]);
        return used.rowCount === 0 ? true : undefined;
      },
      { timeout, interval: 20, onTimeout: () => slotInUse(primary, slot) },
    ),
  );
}

/** Takes in what has been published since, copying `tables`, and lets go of what no longer is. */
export async function refreshSubscription(
  context: StepContext,
  step: Step & { readonly kind: "refreshSubscription" },
): Promise<void> {
  const { name } = subscriptionOf(context.desired.plan, step.node);
  await inDatabase(context, step.node, async (client) => {
    await inTransaction(client, () => prepareCopies(client, context, step));
    // This can't run in a transaction. Where it is cut off here, the next run sees by the subscription's tables what has begun.
    await client.query(`alter subscription ${pg.escapeIdentifier(name)} refresh publication`);
    await inTransaction(client, () => recordCopies(client, step));
  });
}

/** Without its slot, which may be gone already: that is dropped on the publisher, as one that belongs to no subscription. */
export async function dropSubscription(context: StepContext, node: string, subscription: string): Promise<void> {
  context.progress.say(`${node}: dropping subscription ${subscription}`);
  const name = pg.escapeIdentifier(subscription);
  await inDatabase(context, node, async (client) => {
    await client.query(`alter subscription ${name} disable`);
    await client.query(`alter subscription ${name} set (slot_name = none)`);
    await client.query(`drop subscription ${name}`);
  });
}

/** Once nobody streams from it any more: the walsender of a subscriber that has just gone lives on for a moment. */
export async function dropLogicalSlot(context: StepContext, node: string, slot: string): Promise<void> {
  context.progress.say(`${node}: dropping slot ${slot}, which no subscription uses`);
  await inDatabase(context, node, (client) =>
    until(
      async () => {
        const { rowCount } = await client.query(
          "select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = $1 and not active",
          [slot],
        );
        if (rowCount !== 0) return true;
        const left = await client.query("select from pg_replication_slots where slot_name = $1", [slot]);
        return left.rowCount === 0 ? true : undefined;
      },
      {
        timeout,
        interval: 100,
        onTimeout: () => slotInUse(node, slot),
      },
    ),
  );
}

/** Waits until the subscriber has confirmed what the publisher has written by now. Throws a UserError where it stops, or stands still. */
async function awaitPosition(context: StepContext, plan: SubscriptionPlan, client: Client): Promise<void> {
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

function slotInUse(publisher: string, slot: string): UserError {
  return new UserError(
    `${publisher}: slot ${slot} is in use by something that is not the subscription of that node. Find it in pg_stat_replication, end it, and run \`up\` again.`,
  );
}

function list(publications: readonly string[]): string {
  return publications.map(pg.escapeIdentifier).join(", ");
}
