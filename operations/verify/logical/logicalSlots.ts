import { logicalPlanOf, type SubscriptionPlan } from "../../../configs/logicalPlan.ts";
import { copySlot } from "../../logical/copies.ts";
import type { ObservedServer, ObservedSlot } from "../../observed.ts";
import { type Check, type Evidence, eachServer, type Finding, fail, pass, primaryOf, runUp } from "../check.ts";

/** Slots and connections of the subscriptions on the publisher, and slots on any node that nobody reads. */
export const logicalSlots: Check = {
  id: "logical-slots",
  examine: (evidence) => {
    const { subscriptions } = logicalPlanOf(evidence.desired.plan);
    const publisher = primaryOf(evidence)?.server;
    return [
      ...(publisher === undefined ? [] : subscriptions.map((each) => examineSlot(evidence, each, publisher))),
      ...plainConnections(evidence, publisher),
      ...eachServer(evidence, ({ name, server }) =>
        server.slots.filter((slot) => isLeftOver(evidence, name, slot)).map((slot) => leftOver(slot, name)),
      ),
    ];
  },
};

function examineSlot(evidence: Evidence, { node, name, slot }: SubscriptionPlan, publisher: ObservedServer): Finding {
  const { primary, stack } = evidence.desired.plan;
  const row = publisher.slots.find((each) => each.name === slot);
  if (row === undefined) return fail(`slot ${slot} is missing on ${primary}`, runUp(evidence), node);
  if (row.type !== "logical") return fail(`slot ${slot} on ${primary} is a physical one`, runUp(evidence), node);
  if (row.walStatus === "lost") {
    return fail(
      `slot ${slot} lost WAL that the subscriber needs; its tables have to be copied again`,
      runUp(evidence),
      node,
    );
  }
  const connection = publisher.replication.find(({ applicationName }) => applicationName === name);
  if (!row.active || connection === undefined) {
    return fail(
      `slot ${slot} is not in use, and holds back ${row.retainedBytes ?? 0} bytes of WAL`,
      `see subscriptions of this node, and its log: docker logs --tail 50 ${stack}-${node}`,
      node,
    );
  }
  if (row.walStatus === "unreserved") {
    return fail(`slot ${slot} is about to lose WAL (wal_status unreserved)`, "find out why the subscriber lags", node);
  }
  if (row.failover === false) return fail(`slot ${slot} is not a failover slot`, runUp(evidence), node);
  return pass(
    `${slot}: ${connection.state}, ${connection.tlsVersion}, ${row.walStatus}, ${row.retainedBytes ?? 0} bytes of WAL held, ${connection.replayLagBytes ?? 0} bytes to apply`,
    node,
  );
}

/** Also those over which tables are copied. */
function plainConnections(evidence: Evidence, publisher: ObservedServer | undefined): Finding[] {
  const plain = publisher?.replication.filter(({ tls }) => !tls) ?? [];
  return plain.map(({ applicationName }) =>
    fail(
      `the replication connection of ${applicationName} is not encrypted`,
      runUp(evidence),
      logicalPlanOf(evidence.desired.plan).subscriptions.find(({ name }) => name === applicationName)?.node,
    ),
  );
}

/** Nobody reads it, and no subscription of the plan will. */
function isLeftOver(evidence: Evidence, node: string, { name, active }: ObservedSlot): boolean {
  if (active) return false;
  const planned = logicalPlanOf(evidence.desired.plan).subscriptions.some(({ slot }) => slot === name);
  return !(planned && node === evidence.desired.plan.primary) && !isOfRunningCopy(evidence, name);
}

/** While rows are copied, the slot by which the table then catches up waits unused. */
function isOfRunningCopy({ observed }: Evidence, slot: string): boolean {
  const subscriber = copySlot.exec(slot)?.[1];
  const server = observed.nodes.find((each) => each.server?.systemIdentifier === subscriber)?.server;
  const tables = server?.logical?.subscriptions.flatMap(({ tables }) => tables) ?? [];
  return tables.some(({ state }) => state !== "r");
}

function leftOver({ name, retainedBytes }: ObservedSlot, node: string): Finding {
  const what = copySlot.test(name) ? "was left over by the copy of a table" : "belongs to no subscription of the plan";
  return fail(
    `slot ${name} ${what}, is not in use and holds back ${retainedBytes ?? 0} bytes of WAL`,
    `if nothing needs it: SELECT pg_drop_replication_slot('${name}');`,
    node,
  );
}
