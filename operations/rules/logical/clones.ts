import { subscriptionOf } from "../../../configs/logicalPlan.ts";
import { isTable } from "../../../configs/tableName.ts";
import { awaitsClone, clonePublication, cloneSlot } from "../../logical/cloning.ts";
import { stale } from "../../logical/copies.ts";
import { probeTables } from "../../logical/publications.ts";
import type { Step } from "../../step.ts";
import { slotOf } from "../nodes.ts";
import type { Rule, Situation } from "../rule.ts";
import { entering, logicalOf } from "./subscribers.ts";

/** A rule for the nodes that have data of their own, or are to get it by other means than as a clone of the publisher. */
export function exceptClones(rule: Rule): Rule {
  return (situation) =>
    rule({ ...situation, others: situation.others.filter((node) => !awaitsClone(situation.desired.plan, node)) });
}

/** Of a subscriber that was cut off while it was made from a base backup, and the slot of one that is to be made so. */
export function dropLeftoversOfClones({ desired, primary, others }: Situation): Step[] {
  const { publications } = logicalOf(primary);
  const slots = others
    .filter((node) => awaitsClone(desired.plan, node))
    .map(({ name }) => subscriptionOf(desired.plan, name).slot);
  return [
    ...publications
      .filter(({ name }) => name === clonePublication)
      .map(({ name }): Step => ({ kind: "dropPublication", node: primary.name, publication: name })),
    ...[...slots, cloneSlot]
      .filter((slot) => slotOf(primary, slot) !== undefined)
      .map((slot): Step => ({ kind: "dropLogicalSlot", node: primary.name, slot })),
  ];
}

/**
 * One at a time, once everything that it is to subscribe to is published: its stream begins where its backup ends, and a publication that
 * was made later would not exist there.
 */
export function cloneSubscribers(situation: Situation): Step[] {
  const { desired, primary, others } = situation;
  const next = others.find((node) => awaitsClone(desired.plan, node));
  if (next === undefined) return [];
  const plan = subscriptionOf(desired.plan, next.name);
  const published = entering(situation, plan, []);
  const unpublished = [...logicalOf(primary).tables, ...probeTables].filter((table) => !published.some(isTable(table)));
  // What is to be published later on is there as well by then, and has missed changes.
  const tables = [...published, ...unpublished.map(({ schema, name }) => ({ schema, name, definition: stale }))];
  return [{ kind: "cloneSubscriber", node: next.name, copiedFrom: primary.server!.systemIdentifier, tables }];
}
