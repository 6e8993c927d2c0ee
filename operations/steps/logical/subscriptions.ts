import pg, { type Client } from "pg";
import type { SubscriptionPlan } from "../../../configs/logicalPlan.ts";
import { UserError } from "../../../configs/userError.ts";
import { publicationsOf } from "../../logical/publications.ts";
import { plannedOptions, subscriptionOptions, subscriptionOptionsOf } from "../../logical/subscriptionOptions.ts";
import type { Step } from "../../step.ts";
import { until } from "../../until.ts";
import type { StepContext } from "../context.ts";
import { prepareCopies } from "./copies.ts";
import { describeStop } from "./describeStop.ts";
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
 * Sets a subscription's publications, connection and options, and enables it. Its publications only once it has got past the moment at
 * which they were made: at an earlier position of the stream a publication does not exist, which ends the stream with an error.
 */
export async function alterSubscription(context: StepContext, node: string): Promise<void> {
  const plan = planOf(context, node);
  const name = pg.escapeIdentifier(plan.name);
  await inDatabase(context, node, async (client) => {
    const found = await readSubscription(client, plan.name);
    if (found.conninfo !== plan.conninfo) {
      await client.query(`alter subscription ${name} connection ${pg.escapeLiteral(plan.conninfo)}`);
    }
    if (found.options !== plannedOptions) {
      // One of them, failover, is a property of the slot too, and is set only while nothing streams from it.
      await client.query(`alter subscription ${name} disable`);
      await awaitNoWorker(client, plan);
      await client.query(`alter subscription ${name} set (${subscriptionOptions})`);
    }
    await client.query(`alter subscription ${name} enable`);
    const planned = publicationsOf(plan);
    if (planned.some((each) => !found.publications.includes(each))) await awaitPosition(context, plan, client);
    if (JSON.stringify(planned) !== JSON.stringify(found.publications)) {
      await client.query(`alter subscription ${name} set publication ${list(plan)} with (refresh = false)`);
    }
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

/** Waits until the subscriber has confirmed what the publisher has written by now. */
async function awaitPosition(
  context: StepContext,
  { node, name, slot }: SubscriptionPlan,
  client: Client,
): Promise<void> {
  const { primary } = context.desired.plan;
  const log = () => context.containers[node]!.logTail(20);
  await inDatabase(context, primary, async (publisher) => {
    const { rows } = await publisher.query<{ lsn: string }>("select pg_current_wal_flush_lsn()::text as lsn");
    await until(
      async () => {
        const { rowCount } = await publisher.query(
          "select from pg_replication_slots where slot_name = $1 and confirmed_flush_lsn >= $2::pg_lsn",
          [slot, rows[0]!.lsn],
        );
        if (rowCount !== 0) return true;
        if (!(await readSubscription(client, name)).enabled) throw new UserError(await describeStop(node, name, log));
        return undefined;
      },
      {
        timeout,
        interval: 50,
        onTimeout: async () =>
          new UserError(
            `${node} did not catch up with ${primary} within ${timeout / 1000} s, so nothing new was subscribed to. The last lines of its log:\n${await log()}`,
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
