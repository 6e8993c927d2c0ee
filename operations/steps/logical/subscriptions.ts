import pg, { type Client } from "pg";
import type { SubscriptionPlan } from "../../../configs/logicalPlan.ts";
import { UserError } from "../../../configs/userError.ts";
import { publicationsOf } from "../../logical/publications.ts";
import { failoverOption, subscriptionOptions } from "../../logical/subscriptionOptions.ts";
import type { Step } from "../../step.ts";
import { until } from "../../until.ts";
import type { StepContext } from "../context.ts";
import { prepareCopies, recordCopies } from "./copies.ts";
import { inDatabase, inTransaction } from "./inDatabase.ts";

/** Milliseconds that a subscriber may take to get past a position of the publisher, or a slot to be free. */
const timeout = 300_000;

/**
 * Makes the slot, subscribes, and starts to copy `tables`. That a copy has begun is entered in the transaction that begins it: with a
 * slot that is there already, CREATE SUBSCRIPTION may run in one.
 */
export async function createSubscription(
  context: StepContext,
  step: Step & { readonly kind: "createSubscription" },
): Promise<void> {
  const plan = planOf(context, step.node);
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
           with (create_slot = false, slot_name = ${pg.escapeLiteral(plan.slot)}, ${subscriptionOptions}, ${failoverOption})`,
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
  const plan = planOf(context, node);
  const name = pg.escapeIdentifier(plan.name);
  await inDatabase(context, node, async (client) => {
    const { rows } = await client.query<{ publications: string[]; failover: boolean }>(
      "select subpublications as publications, subfailover as failover from pg_subscription where subname = $1",
      [plan.name],
    );
    const { publications: before, failover } = rows[0]!;
    const kept = before.filter((each) => publications.includes(each));
    const set = (names: readonly string[]) =>
      client.query(`alter subscription ${name} set publication ${list(names)} with (refresh = false)`);
    await client.query(`alter subscription ${name} connection ${pg.escapeLiteral(plan.conninfo)}`);
    if (!failover) await setFailover(client, context, plan);
    await client.query(`alter subscription ${name} set (${subscriptionOptions})`);
    if (kept.length > 0 && kept.length < before.length) await set(kept);
    await client.query(`alter subscription ${name} enable`);
    if (kept.length === publications.length) return;
    await awaitPosition(context, plan);
    await set(publications);
  });
}

/** PostgreSQL sets this option of a disabled subscription only, and of a slot that nobody uses. */
async function setFailover(client: Client, context: StepContext, plan: SubscriptionPlan): Promise<void> {
  const name = pg.escapeIdentifier(plan.name);
  await client.query(`alter subscription ${name} disable`);
  await inDatabase(context, context.desired.plan.primary, (publisher) =>
    until(
      async () => {
        const slots = await publisher.query("select from pg_replication_slots where slot_name = $1 and active", [
          plan.slot,
        ]);
        return slots.rowCount === 0 ? true : undefined;
      },
      { timeout, interval: 50, onTimeout: () => slotInUse(context.desired.plan.primary, plan.slot) },
    ),
  );
  await client.query(`alter subscription ${name} set (${failoverOption})`);
}

/** Takes in what has been published since, copying `tables`, and lets go of what no longer is. */
export async function refreshSubscription(
  context: StepContext,
  step: Step & { readonly kind: "refreshSubscription" },
): Promise<void> {
  const { name } = planOf(context, step.node);
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

async function awaitPosition(context: StepContext, { node, slot }: SubscriptionPlan): Promise<void> {
  const publisher = context.desired.plan.primary;
  await inDatabase(context, publisher, async (client) => {
    const { rows } = await client.query<{ lsn: string }>("select pg_current_wal_flush_lsn()::text as lsn");
    await until(
      async () => {
        const { rowCount } = await client.query(
          "select from pg_replication_slots where slot_name = $1 and confirmed_flush_lsn >= $2::pg_lsn",
          [slot, rows[0]!.lsn],
        );
        return rowCount === 0 ? undefined : true;
      },
      {
        timeout,
        interval: 50,
        onTimeout: async () =>
          new UserError(
            `${node} did not catch up with ${publisher} within ${timeout / 1000} s, so nothing new was subscribed to. The last lines of its log:\n${await context.containers[node]!.logTail(20)}`,
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

function planOf({ desired }: StepContext, node: string): SubscriptionPlan {
  const plan = desired.plan.logical!.subscriptions.find((each) => each.node === node);
  if (plan === undefined) throw new Error(`no publication names ${node}`);
  return plan;
}

function list(publications: readonly string[]): string {
  return publications.map(pg.escapeIdentifier).join(", ");
}
