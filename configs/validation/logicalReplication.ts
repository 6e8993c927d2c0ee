import type { Faults } from "./faults.ts";
import type { NodeParameters } from "./nodeParameters.ts";
import { reporter } from "./report.ts";

/**
 * Finds parameters with which subscriptions would wait for workers, WAL senders or slots for ever (manual, "Logical Replication:
 * Configuration Settings"). Each subscriber has one subscription.
 */
export function checkLogicalReplication(
  nodes: readonly NodeParameters[],
  publisher: NodeParameters | undefined,
  faults: Faults,
): void {
  const subscribers = nodes.filter((node) => node !== publisher);
  for (const node of nodes) checkWorkers(node, faults);
  for (const node of subscribers) checkOrigins(node, faults);
  if (publisher) checkSendersAndSlots(publisher, subscribers, faults);
}

/** Checked on every node: any may be the publisher's successor, and they are cluster-wide as a rule. */
function checkWorkers(node: NodeParameters, faults: Faults): void {
  const report = reporter(node, faults);
  const parts = ["max_sync_workers_per_subscription", "max_parallel_apply_workers_per_subscription"];
  if (node.number("max_sync_workers_per_subscription") === 0) {
    report(["max_sync_workers_per_subscription"], "leaves no worker to copy a table with", "an integer from 1");
  }
  const needed = 1 + node.sum(parts);
  if (node.number("max_logical_replication_workers") < needed) {
    const problem = `is too few workers for one subscription: it uses up to ${needed}`;
    report(
      ["max_logical_replication_workers", ...parts],
      problem,
      `max_logical_replication_workers of 1 + ${parts.join(" + ")} or more`,
    );
  }
  // Besides these there is the launcher of logical replication.
  if (node.number("max_worker_processes") <= node.number("max_logical_replication_workers")) {
    const problem = "leaves logical replication too few processes: its workers are taken from max_worker_processes";
    report(
      ["max_worker_processes", "max_logical_replication_workers"],
      problem,
      "max_worker_processes greater than max_logical_replication_workers",
    );
  }
}

/** How many streams of changes a subscriber has at the most: one to apply, and one for each table being copied. */
function streamsOf(subscriber: NodeParameters): number {
  return 1 + subscriber.number("max_sync_workers_per_subscription");
}

/** On a subscriber, max_replication_slots is also the number of replication origins: one for each stream. */
function checkOrigins(node: NodeParameters, faults: Faults): void {
  const needed = streamsOf(node);
  if (node.number("max_replication_slots") >= needed) return;
  const problem = `is too few for a subscriber: its subscription tracks up to ${needed} replication origins`;
  reporter(node, faults)(["max_replication_slots"], problem, `an integer from ${needed}`);
}

function checkSendersAndSlots(publisher: NodeParameters, subscribers: readonly NodeParameters[], faults: Faults): void {
  const needed = subscribers.reduce((sum, node) => sum + streamsOf(node), 0);
  for (const name of ["max_wal_senders", "max_replication_slots"]) {
    if (publisher.number(name) >= needed) continue;
    const problem = `is too few for ${subscribers.length} subscribers: each holds one, and one more for each table that it copies at a time`;
    reporter(publisher, faults)([name], problem, `an integer from ${needed} on the publisher`);
  }
}
