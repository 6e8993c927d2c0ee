import pg from "pg";
import type { SubscriptionPlan } from "../../../configs/logicalPlan.ts";
import { UserError } from "../../../configs/userError.ts";
import { publicationsOf } from "../../logical/publications.ts";
import { subscriptionOptions } from "../../logical/subscriptionOptions.ts";
import type { Step } from "../../step.ts";
import { until } from "../../until.ts";
import type { StepContext } from "../context.ts";
import { prepareCopies } from "./copies.ts";
import { inDatabase } from "./inDatabase.ts";

/** Milliseconds that a subscriber may take to get past a position of the publisher, or a slot to be free. */
const timeout = 300_000;

/** Subscribes, which makes the slot and starts to copy `tables`. None of these statements runs in a transaction. */
export async function createSubscription(
  context: StepContext,
  step: Step & { readonly kind: "createSubscription" },
): Promise<void> {
  const plan = planOf(context, step.node);
  await prepareCopies(context, step);
  context.progress.say(`${step.node}: subscribing to ${plan.publications.join(", ")}`);
  await inDatabase(context, step.node, (client) =>
    client.query(
      `create subscription ${pg.escapeIdentifier(plan.name)} connection ${pg.escapeLiteral(plan.conninfo)}
         publication ${list(plan)} with (slot_name = ${pg.escapeLiteral(plan.slot)}, ${subscriptionOptions})`,
    ),
  );
}

/**
 * Sets a subscription's publications, connection and options, and enables it. Only once it has got past the moment at which its
 * publications were made: at an earlier position of the stream a publication does not exist, which ends the stream with an error.
 */
export async function alterSubscription(context: StepContext, node: string): Promise<void> {
  const plan = planOf(context, node);
  const name = pg.escapeIdentifier(plan.name);
  await inDatabase(context, node, async (client) => {
    await client.query(`alter subscription ${name} connection ${pg.escapeLiteral(plan.conninfo)}`);
    await client.query(`alter subscription ${name} set (${subscriptionOptions})`);
    await client.query(`alter subscription ${name} enable`);
    const { rows } = await client.query<{ publications: string[] }>(
      "select subpublications as publications from pg_subscription where subname = $1",
      [plan.name],
    );
    const added = publicationsOf(plan).filter((each) => !rows[0]!.publications.includes(each));
    if (added.length > 0) await awaitPosition(context, plan);
    await client.query(`alter subscription ${name} set publication ${list(plan)} with (refresh = false)`);
  });
}

/** Takes in what has been published since, copying `tables`, and lets go of what no longer is. */
export async function refreshSubscription(
  context: StepContext,
  step: Step & { readonly kind: "refreshSubscription" },
): Promise<void> {
  await prepareCopies(context, step);
  const { name } = planOf(context, step.node);
  await inDatabase(context, step.node, (client) =>
    client.query(`alter subscription ${pg.escapeIdentifier(name)} refresh publication`),
  );
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
        onTimeout: () =>
          new UserError(
            `${node}: slot ${slot} is in use by something that is not the subscription of that node. Find it in pg_stat_replication, end it, and run \`up\` again.`,
          ),
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

function planOf({ desired }: StepContext, node: string): SubscriptionPlan {
  const plan = desired.plan.logical!.subscriptions.find((each) => each.node === node);
  if (plan === undefined) throw new Error(`no publication names ${node}`);
  return plan;
}

function list(plan: SubscriptionPlan): string {
  return publicationsOf(plan).map(pg.escapeIdentifier).join(", ");
}
