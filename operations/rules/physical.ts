import { hotStandbyLimits } from "../../configs/hotStandbyLimits.ts";
import type { Desired } from "../desired.ts";
import { isFailedOver } from "../fence.ts";
import type { ObservedNode } from "../observed.ts";
import { isWeaker, synchronousStandbyNamesIn } from "../quorumNames.ts";
import { missingFromDatabase } from "../roles.ts";
import type { Step } from "../step.ts";
import { hasRuntime, isDown, retireLeavers, serve, slotOf, writeDeclaredFiles } from "./nodes.ts";
import type { Rule, Situation } from "./rule.ts";

/** Modes async and quorum: one primary, and standbys that stream its WAL. */
export const physicalRules: readonly Rule[] = [
  startPrimaryContainer,
  weakenQuorum,
  startStandbyContainers,
  writeDeclaredFiles,
  initialisePrimary,
  keepPrimary,
  servePrimary,
  provideRolesAndSlots,
  attachStandbys,
  restartForDeclaredFiles,
  strengthenQuorum,
  retireLeavers,
  dropSlotsOfStandbys,
  provideSlotsOfSuccessor,
  switchOver,
];

function startPrimaryContainer({ primary }: Situation): Step[] {
  return isDown(primary) ? [{ kind: "startContainer", node: primary.name }] : [];
}

/**
 * Before a standby is touched: a quorum that the user no longer wants must not block the commits that this run makes, nor wait for a
 * standby that will never come back.
 */
function weakenQuorum({ desired, primary }: Situation): Step[] {
  const names = desired.plan.synchronousStandbyNames;
  if (primary.server === undefined) return [];
  // What is in force counts as well: a weaker quorum may have been written and not loaded.
  const inForce = primary.server.settings.synchronous_standby_names ?? "";
  if (![currentNames(primary), inForce].some((current) => isWeaker(names, current))) return [];
  return [{ kind: "writeRuntime", node: primary.name, synchronousStandbyNames: names }];
}

function startStandbyContainers({ others: standbys }: Situation): Step[] {
  return standbys.filter(isDown).map(({ name }) => ({ kind: "startContainer", node: name }));
}

function initialisePrimary({ primary }: Situation): Step[] {
  return primary.volumes?.data === undefined ? [{ kind: "initialise", node: primary.name }] : [];
}

/** A switchover was cut off, and nobody wants it any more: restarted, the primary would be a standby of nobody. */
function keepPrimary({ primary, successor }: Situation): Step[] {
  const marked = primary.server?.inRecovery === false && primary.volumes?.data?.standbySignal === true;
  return marked && successor === undefined ? [{ kind: "keepPrimary", node: primary.name }] : [];
}

/** The quorum stays as it is here, whatever else changes: strengthening it comes last. */
function servePrimary({ desired, primary }: Situation): Step[] {
  return serve(desired, primary, currentNames(primary));
}

function provideRolesAndSlots({ desired, primary, others: standbys }: Situation): Step[] {
  const roles = missingFromDatabase(desired, primary.name, primary.server!);
  const slots = standbys
    .map(({ name }) => desired.nodes[name]!.plan.slot)
    .filter((slot) => slotOf(primary, slot) === undefined);
  return [
    ...(roles.length > 0 ? [{ kind: "configureRoles", node: primary.name } as const] : []),
    ...slots.map((slot) => ({ kind: "createSlot", node: primary.name, slot }) as const),
  ];
}

function attachStandbys({ desired, primary, others: standbys }: Situation): Step[] {
  const names = desired.plan.synchronousStandbyNames;
  return standbys.flatMap((standby): Step[] => {
    const node = standby.name;
    if (needsClone(desired, primary, standby)) return [{ kind: "clone", node, from: primary.name }];
    if (isFailedOver(standby)) return [{ kind: "rejoin", node, from: primary.name }];
    return serve(desired, standby, names);
  });
}

/**
 * One node at a time, so that a quorum never loses more than one of its voters to us. Standbys first, because one with less than
 * its primary in a parameter that shapes shared memory does not start; for the same reason the primary first where such a parameter
 * goes down (PostgreSQL manual, 26.4.3 Administrator's Overview).
 */
function restartForDeclaredFiles({ primary, others: standbys }: Situation): Step[] {
  const order = lowersHotStandbyLimit(primary) ? [primary, ...standbys] : [...standbys, primary];
  const next = order.find(({ server }) => (server?.pendingRestart.length ?? 0) > 0);
  if (next === undefined) return [];
  const step = { kind: "restartServer", node: next.name, primary: primary.name } as const;
  return [{ ...step, awaitReplay: next !== primary && lowersHotStandbyLimit(next) }];
}

function strengthenQuorum({ desired, primary }: Situation): Step[] {
  const names = desired.plan.synchronousStandbyNames;
  if (hasRuntime(desired, primary, names)) return [];
  return [{ kind: "enableQuorum", node: primary.name, synchronousStandbyNames: names }];
}

/** Slots of its time as a primary: nobody reads the WAL that they hold back. A successor is about to need them. */
function dropSlotsOfStandbys({ desired, others: standbys, successor }: Situation): Step[] {
  const planned = new Set(Object.values(desired.nodes).map(({ plan }) => plan.slot));
  return standbys
    .filter((standby) => standby !== successor)
    .flatMap(({ name, server }) =>
      (server?.slots ?? [])
        .filter(({ name: slot, active }) => planned.has(slot) && !active)
        .map(({ name: slot }): Step => ({ kind: "dropSlot", node: name, slot })),
    );
}

/** Before it is the primary, so that from its first moment on it keeps the WAL that the others need. */
function provideSlotsOfSuccessor({ desired, primary, others, successor }: Situation): Step[] {
  if (successor === undefined) return [];
  return [primary, ...others]
    .filter((node) => node !== successor)
    .map(({ name }) => desired.nodes[name]!.plan.slot)
    .filter((slot) => slotOf(successor, slot) === undefined)
    .map((slot) => ({ kind: "createSlot", node: successor.name, slot }));
}

/** Last, when the cluster is all that it is to be but for its primary. */
function switchOver({ primary, successor }: Situation): Step[] {
  return successor === undefined ? [] : [{ kind: "switchOver", node: primary.name, to: successor.name }];
}

/** Nothing there, a clone that was begun, or WAL that is gone from the primary. */
function needsClone(desired: Desired, primary: ObservedNode, standby: ObservedNode): boolean {
  const slot = slotOf(primary, desired.nodes[standby.name]!.plan.slot);
  return standby.volumes?.data === undefined || standby.volumes.hold !== undefined || slot?.walStatus === "lost";
}

/** The quorum that the runtime file of a node has now: "" when it is off or there is no file. */
function currentNames({ volumes }: ObservedNode): string {
  return synchronousStandbyNamesIn(volumes?.runtime ?? "");
}

function lowersHotStandbyLimit({ server }: ObservedNode): boolean {
  return (server?.pendingRestart ?? []).some(
    ({ name, running, declared }) => hotStandbyLimits.includes(name) && Number(declared) < Number(running),
  );
}
