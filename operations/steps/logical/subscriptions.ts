import pg, { type Client } from "pg";
import { type SubscriptionPlan, subscriptionOf } from "../../../configs/logicalPlan.ts";
import { UserError } from "../../../configs/userError.ts";
import { publicationsOf } from "../../logical/publications.ts";
import { plannedOptions, subscriptionOptions } from "../../logical/subscriptionOptions.ts";
import type { Step } from "../../step.ts";
import { until } from "../../until.ts";
import type { StepContext } from "../context.ts";
import { dropIdleSlot } from "../slots.ts";
import { awaitPosition, awaitPublished } from "./awaitPosition.ts";
import { awaitTables } from "./awaitTables.ts";
import { prepareCopies, recordCopies } from "./copies.ts";
import { inDatabase, inTransaction } from "./inDatabase.ts";
import { readSubscription, type Subscription } from "./readSubscription.ts";

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
 * Sets a subscription's connection, options and publications, and enables it. It gets new publications only once nothing is left to be
 * read that was written before they were set (see awaitPublished); those that are gone it leaves before it is enabled.
 */
export async function alterSubscription(
  context: StepContext,
  { node, publications }: Step & { readonly kind: "alterSubscription" },
): Promise<void> {
  const plan = subscriptionOf(context.desired.plan, node);
  await inDatabase(context, node, async (client) => {
    const found = await readSubscription(client, plan.name);
    await setConnection(context, client, plan, found);
    const leavesOnly = publications.every((each) => found.publications.includes(each));
    if (leavesOnly && publications.length < found.publications.length) {
      await setPublications(client, plan, publications, { refresh: false });
    }
    await client.query(`alter subscription ${pg.escapeIdentifier(plan.name)} enable`);
    // One that an error has stopped shows here whether it goes on now.
    if (leavesOnly && !found.enabled) await awaitPosition(context, plan, client);
    if (leavesOnly) return;
    // A table that is being copied is read from the position of its copy on.
    if (found.copying) await awaitTables(context, node);
    await awaitPublished(context, plan, client);
    await setPublications(client, plan, publications, { refresh: false });
  });
}

/**
 * In one statement: the subscription reads the bridges from the position on that it has reached, and every table that is in none of them,
 * those that are being copied included, is no longer part of it.
 */
export async function enterBridges(
  context: StepContext,
  { node, publications }: Step & { readonly kind: "enterBridges" },
): Promise<void> {
  const plan = subscriptionOf(context.desired.plan, node);
  await inDatabase(context, node, async (client) => {
    await setConnection(context, client, plan, await readSubscription(client, plan.name));
    await client.query(`alter subscription ${pg.escapeIdentifier(plan.name)} enable`);
    await awaitPublished(context, plan, client);
    await setPublications(client, plan, publications, { refresh: true });
  });
}

async function setConnection(
  context: StepContext,
  client: Client,
  plan: SubscriptionPlan,
  found: Subscription,
): Promise<void> {
  const name = pg.escapeIdentifier(plan.name);
  if (found.conninfo !== plan.conninfo) {
    await client.query(`alter subscription ${name} connection ${pg.escapeLiteral(plan.conninfo)}`);
  }
  if (found.options === plannedOptions) return;
  // One of them, failover, is a property of the slot too, and is set only while nothing streams from it.
  await client.query(`alter subscription ${name} disable`);
  await until(async () => ((await readSubscription(client, plan.name)).worker === null ? true : undefined), {
    timeout,
    interval: 20,
    onTimeout: () => workerLivesOn(plan),
  });
  await awaitIdleSlot(context, plan);
  await client.query(`alter subscription ${name} set (${subscriptionOptions})`);
}

/**
 * Returns once no worker is left that reads the publications of before: where one of them is dropped while it is read, the stream ends
 * with an error.
 */
async function setPublications(
  client: Client,
  plan: SubscriptionPlan,
  publications: readonly string[],
  { refresh }: { readonly refresh: boolean },
): Promise<void> {
  const { worker } = await readSubscription(client, plan.name);
  await client.query(
    `alter subscription ${pg.escapeIdentifier(plan.name)} set publication ${list(publications)} with (refresh = ${refresh})`,
  );
  if (worker === null) return;
  await until(async () => ((await readSubscription(client, plan.name)).worker === worker ? undefined : true), {
    timeout,
    interval: 20,
    onTimeout: () => workerLivesOn(plan),
  });
}

function workerLivesOn({ node, name }: SubscriptionPlan): UserError {
  return new UserError(
    `${node}: the apply worker of subscription ${name} does not end. It may wait for a lock: look for it in pg_stat_activity there, end what blocks it, and run \`up\` again.`,
  );
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
  const onTimeout = () => slotInUse(node, slot);
  await inDatabase(context, node, (client) => dropIdleSlot(client, slot, { timeout, interval: 100, onTimeout }));
}

function slotInUse(publisher: string, slot: string): UserError {
  return new UserError(
    `${publisher}: slot ${slot} is in use by something that is not the subscription of that node. Find it in pg_stat_replication, end it, and run \`up\` again.`,
  );
}

function list(publications: readonly string[]): string {
  return publications.map(pg.escapeIdentifier).join(", ");
}
