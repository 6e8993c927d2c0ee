import { logicalPlanOf } from "../../../configs/logicalPlan.ts";
import type { ObservedSubscription } from "../../logical/observedLogical.ts";
import { publicationsOf } from "../../logical/publications.ts";
import { plannedOptions } from "../../logical/subscriptionOptions.ts";
import { type Check, type Evidence, eachServer, type Finding, fail, pass, runUp } from "../check.ts";
import { conflictRemedy, describeConflict } from "./conflict.ts";
import { eachSubscriber, type ObservedSubscriber } from "./logicalEvidence.ts";

/** Each subscription is as planned and at work; one that stopped shows what stopped it. */
export const subscriptions: Check = {
  id: "subscriptions",
  examine: (evidence) => [
    ...eachSubscriber(evidence, (subscriber) => examineSubscription(evidence, subscriber)),
    ...leftOvers(evidence),
  ],
};

function examineSubscription(evidence: Evidence, { subscription, logical }: ObservedSubscriber): Finding {
  const { node, name } = subscription;
  const found = logical.subscriptions.find((each) => each.name === name);
  if (found === undefined) return fail(`subscription ${name} is missing`, runUp(evidence), node);
  if (found.enabled && found.working) {
    const differences = differencesOf(subscription, found);
    if (differences.length > 0) return fail(`${name}: ${differences.join("; ")}`, runUp(evidence), node);
    return pass(`${name} applies ${found.publications.join(", ")}; ${errorsOf(found)}`, node);
  }
  const state = found.enabled ? "is enabled, but its apply worker does not run" : "is disabled";
  const reason = evidence.probes.logical?.errors[node]?.at(-1);
  if (reason === undefined) {
    const log = `docker logs --tail 50 ${evidence.desired.plan.stack}-${node}`;
    const remedy = found.enabled ? `look at its log: ${log}; then ${runUp(evidence)}` : runUp(evidence);
    return fail(`${name} ${state}; ${errorsOf(found)}`, remedy, node);
  }
  return fail(
    `${name} ${state}: ${describeConflict(reason)}; ${errorsOf(found)}`,
    conflictRemedy(reason, subscription, runUp(evidence)),
    node,
  );
}

/** A connection string that somebody set may hold a password, so it is not shown. */
function differencesOf(planned: ObservedSubscriber["subscription"], found: ObservedSubscription): string[] {
  const publications = publicationsOf(planned).join(", ");
  return [
    ...(found.slot === planned.slot ? [] : [`its slot is ${found.slot ?? "none"}, planned is ${planned.slot}`]),
    ...(found.publications.join(", ") === publications
      ? []
      : [`it has ${found.publications.join(", ")}, planned is ${publications}`]),
    ...(found.conninfo === planned.conninfo ? [] : ["its connection string is not the planned one"]),
    ...(found.options === plannedOptions ? [] : [`its options are ${found.options}, planned is ${plannedOptions}`]),
  ];
}

function errorsOf({ applyErrors, syncErrors }: ObservedSubscription): string {
  return `${applyErrors} errors while applying, ${syncErrors} while copying`;
}

/** Of nodes that are no longer to subscribe, and of subscriptions that are gone. */
function leftOvers(evidence: Evidence): Finding[] {
  const planned = logicalPlanOf(evidence.desired.plan).subscriptions;
  return eachServer(evidence, ({ name: node, server }) => {
    const own = evidence.desired.nodes[node]!.plan.slot;
    const unplanned = server.logical?.subscriptions.filter(
      ({ name }) => name === own && !planned.some((each) => each.node === node),
    );
    const origins = server.logical?.orphanedOrigins ?? [];
    return [
      ...(unplanned ?? []).map(({ name }) => fail(`subscription ${name} is no longer declared`, runUp(evidence), node)),
      ...origins.map((origin) =>
        fail(`replication origin ${origin} belongs to no subscription any more`, runUp(evidence), node),
      ),
    ];
  });
}
