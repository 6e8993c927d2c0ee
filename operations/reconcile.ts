import { slotName } from "../configs/slotName.ts";
import { UserError } from "../configs/userError.ts";
import type { Desired } from "./desired.ts";
import { hasLoadedConfiguration, runtimeText } from "./desired.ts";
import type { ObservedCluster, ObservedLeaver, ObservedNode } from "./observed.ts";
import { predict } from "./predict.ts";
import { isWeaker, synchronousStandbyNamesIn } from "./quorumNames.ts";
import { refuseUnsafe } from "./refuse.ts";
import { missingFromDatabase } from "./roles.ts";
import type { Stage, Step } from "./step.ts";

/**
 * The ordered stages that lead from what is observed to what is desired; none when it is there already. Pure.
 *
 * Invariant, at every cut between and inside stages:
 * - a data directory that may hold acknowledged rows is never removed, initialised over, or started as a second writable node;
 * - an empty cluster is initialised only where no node holds any data;
 * - a quorum is weakened before anything that needs it gone, and strengthened only when the standbys it counts on stream.
 *
 * Throws a UserError, before any step, where going on could break it.
 */
export function reconcile(desired: Desired, observed: ObservedCluster): Stage[] {
  if (desired.plan.mode === "logical") {
    throw new UserError(
      "Mode logical is declared, planned and rendered, but not carried out yet. Nothing was changed.",
    );
  }
  // Each node is led through a few steps of its own; more stages mean a rule that never settles.
  const mostStages = 20 + 5 * observed.nodes.length;
  const stages: Stage[] = [];
  let state = observed;
  for (;;) {
    refuseUnsafe(desired, state);
    const stage = nextStage(desired, state);
    if (stage.length === 0) return stages;
    if (stages.length === mostStages)
      throw new Error(`no end to the plan: stage ${JSON.stringify(stage)} again and again`);
    stages.push(stage);
    if (stage.some((step) => reveals(state, step))) return stages;
    state = stage.reduce((before, step) => predict(desired, before, step), state);
  }
}

/**
 * Does a step bring to light what could not be observed before it: what a stopped container's volumes hold, how far a server that was
 * down has come, which parameters wait for a restart once files are loaded? Nothing is planned beyond such a step.
 */
function reveals(observed: ObservedCluster, { kind, node }: Step): boolean {
  if (kind === "startContainer" || kind === "startServer") return true;
  const before = observed.nodes.find(({ name }) => name === node)!;
  return kind === "writeRuntime" && before.server !== undefined && !hasLoadedConfiguration(before);
}

/** What every rule is given. From writeDeclaredFiles on, all containers run. */
interface Situation {
  readonly desired: Desired;
  readonly primary: ObservedNode;
  readonly standbys: readonly ObservedNode[];
  readonly leavers: readonly ObservedLeaver[];
}

type Rule = (situation: Situation) => Step[];

/** In order: what an earlier rule wants is done before a later one is asked. */
const rules: readonly Rule[] = [
  startPrimaryContainer,
  weakenQuorum,
  startStandbyContainers,
  writeDeclaredFiles,
  initialisePrimary,
  servePrimary,
  provideRolesAndSlots,
  attachStandbys,
  restartForDeclaredFiles,
  strengthenQuorum,
  retireLeavers,
];

function nextStage(desired: Desired, observed: ObservedCluster): Stage {
  const primary = observed.nodes.find((node) => node.name === desired.plan.primary)!;
  const standbys = observed.nodes.filter((node) => node !== primary);
  for (const rule of rules) {
    const steps = rule({ desired, primary, standbys, leavers: observed.leavers ?? [] });
    if (steps.length > 0) return steps;
  }
  return [];
}

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

function startStandbyContainers({ standbys }: Situation): Step[] {
  return standbys.filter(isDown).map(({ name }) => ({ kind: "startContainer", node: name }));
}

/** There, but nothing runs in it that could be asked. A container that is gone has been refused before. */
function isDown({ container }: ObservedNode): boolean {
  return container !== "running";
}

function writeDeclaredFiles({ desired, primary, standbys }: Situation): Step[] {
  return [primary, ...standbys]
    .filter((node) => !hasDeclaredFiles(desired, node))
    .map((node) => ({ kind: "writeFiles", node: node.name }));
}

function initialisePrimary({ primary }: Situation): Step[] {
  return primary.volumes?.data === undefined ? [{ kind: "initialise", node: primary.name }] : [];
}

/** The quorum stays as it is here, whatever else changes: strengthening it comes last. */
function servePrimary({ desired, primary }: Situation): Step[] {
  const names = currentNames(primary);
  if (hasRuntime(desired, primary, names)) {
    // A clone was begun here once; what came of it is a primary, and must start again whenever its container does.
    const held = primary.volumes?.hold !== undefined;
    if (primary.server === undefined || held) return [{ kind: "startServer", node: primary.name }];
    if (hasLoadedConfiguration(primary)) return [];
  }
  return [{ kind: "writeRuntime", node: primary.name, synchronousStandbyNames: names }];
}

function provideRolesAndSlots({ desired, primary, standbys }: Situation): Step[] {
  const roles = missingFromDatabase(desired, primary.server!);
  const slots = standbys
    .map(({ name }) => desired.nodes[name]!.plan.slot)
    .filter((slot) => slotOf(primary, slot) === undefined);
  return [
    ...(roles.length > 0 ? [{ kind: "configureRoles", node: primary.name } as const] : []),
    ...slots.map((slot) => ({ kind: "createSlot", node: primary.name, slot }) as const),
  ];
}

function attachStandbys({ desired, primary, standbys }: Situation): Step[] {
  const names = desired.plan.synchronousStandbyNames;
  return standbys.flatMap((standby): Step[] => {
    const node = standby.name;
    if (needsClone(desired, primary, standby)) return [{ kind: "clone", node, from: primary.name }];
    if (!hasRuntime(desired, standby, names)) return [{ kind: "writeRuntime", node, synchronousStandbyNames: names }];
    if (standby.server === undefined) return [{ kind: "startServer", node }];
    return hasLoadedConfiguration(standby) ? [] : [{ kind: "writeRuntime", node, synchronousStandbyNames: names }];
  });
}

/**
 * One node at a time, so that a quorum never loses more than one of its voters to us. Standbys first, because one with less than
 * its primary in a parameter that shapes shared memory does not start; for the same reason the primary first where such a parameter
 * goes down (PostgreSQL manual, 26.4.3 Administrator's Overview).
 */
function restartForDeclaredFiles({ primary, standbys }: Situation): Step[] {
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

/** Last: by now no commit waits for a node that leaves. */
function retireLeavers({ primary, leavers }: Situation): Step[] {
  return leavers.flatMap(({ name, container, running }): Step[] => {
    const slot = slotName(name);
    if (!running && slotOf(primary, slot) === undefined) return [];
    return [{ kind: "retire", node: primary.name, leaver: name, container, slot }];
  });
}

/** Nothing there, a clone that was begun, or WAL that is gone from the primary. */
function needsClone(desired: Desired, primary: ObservedNode, standby: ObservedNode): boolean {
  const slot = slotOf(primary, desired.nodes[standby.name]!.plan.slot);
  return standby.volumes?.data === undefined || standby.volumes.hold !== undefined || slot?.walStatus === "lost";
}

/** The release, and every file in it unchanged since it was put there. */
function hasDeclaredFiles(desired: Desired, { name, volumes }: ObservedNode): boolean {
  const { release, fileHashes } = desired.nodes[name]!;
  const unchanged = Object.entries(fileHashes).every(([path, hash]) => volumes?.fileHashes[path] === hash);
  return volumes?.release === release && unchanged;
}

function hasRuntime(desired: Desired, { name, volumes }: ObservedNode, names: string): boolean {
  return volumes?.runtime === runtimeText(desired, name, names);
}

/** The quorum that the runtime file of a node has now: "" when it is off or there is no file. */
function currentNames({ volumes }: ObservedNode): string {
  return synchronousStandbyNamesIn(volumes?.runtime ?? "");
}

const hotStandbyLimits = new Set([
  "max_connections",
  "max_worker_processes",
  "max_wal_senders",
  "max_prepared_transactions",
  "max_locks_per_transaction",
]);

function lowersHotStandbyLimit({ server }: ObservedNode): boolean {
  return (server?.pendingRestart ?? []).some(
    ({ name, running, declared }) => hotStandbyLimits.has(name) && Number(declared) < Number(running),
  );
}

function slotOf(primary: ObservedNode, slot: string) {
  return primary.server!.slots.find(({ name }) => name === slot);
}
