import { logicalPlanOf } from "../../../configs/logicalPlan.ts";
import { slotName } from "../../../configs/slotName.ts";
import { subscriberRolePrefix } from "../../../configs/subscriberRole.ts";
import { copySlot } from "../../logical/copies.ts";
import type { Step } from "../../step.ts";
import { slotOf } from "../nodes.ts";
import type { Situation } from "../rule.ts";
import { subscribers } from "./subscribers.ts";

/** Left over from a subscriber that lost its data, or from one that was cut off while it was made. */
export function dropOrphanedSlots(situation: Situation): Step[] {
  const { primary } = situation;
  return subscribers(situation)
    .filter(({ subscription }) => subscription === undefined)
    .map(({ node }) => slotName(node.name))
    .filter((slot) => slotOf(primary, slot) !== undefined)
    .map((slot) => ({ kind: "dropLogicalSlot", node: primary.name, slot }));
}

/**
 * Every table is ready by now, so the slots of workers that copied one are left over: from a subscriber that lost its data, or from a
 * subscription that was dropped meanwhile.
 */
export function dropSlotsOfCopies({ primary }: Situation): Step[] {
  return primary
    .server!.slots.filter(({ name, active }) => copySlot.test(name) && !active)
    .map(({ name }) => ({ kind: "dropLogicalSlot", node: primary.name, slot: name }));
}

/** Of subscribers that are none any more. */
export function dropRoles({ desired, primary }: Situation): Step[] {
  const wantedNames = new Set(logicalPlanOf(desired.plan).subscriptions.map(({ role }) => role));
  return primary
    .server!.roles.map(({ name }) => name)
    .filter((name) => name.startsWith(subscriberRolePrefix) && !wantedNames.has(name))
    .map((role) => ({ kind: "dropRole", node: primary.name, role }));
}

export function dropOrphanedOrigins({ primary, others }: Situation): Step[] {
  return [primary, ...others].flatMap(({ name, server }) =>
    server!.logical!.orphanedOrigins.map((origin) => ({ kind: "dropOrigin", node: name, origin }) as const),
  );
}
