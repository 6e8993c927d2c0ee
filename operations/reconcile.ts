import type { Desired } from "./desired.ts";
import { hasLoadedConfiguration, hasSynchronousStandbys, runtimeText } from "./desired.ts";
import type { ObservedCluster, ObservedNode } from "./observed.ts";
import { predict } from "./predict.ts";
import { refuseUnsafe } from "./refuse.ts";
import { missingFromDatabase } from "./roles.ts";
import type { Stage, Step } from "./step.ts";

/** More stages than any way from an observable state to a plan takes; more means a rule that never settles. */
const mostStages = 30;

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
  const stages: Stage[] = [];
  let state = observed;
  for (;;) {
    refuseUnsafe(desired, state);
    const stage = nextStage(desired, state);
    if (stage.length === 0) return stages;
    // What a stopped container's volumes hold is not known before it runs: nothing can be planned beyond its start.
    if (stage.some(({ kind }) => kind === "startContainer")) return [stage];
    if (stages.length === mostStages)
      throw new Error(`no end to the plan: stage ${JSON.stringify(stage)} again and again`);
    stages.push(stage);
    state = stage.reduce((before, step) => predict(desired, before, step), state);
  }
}

type Rule = (desired: Desired, primary: ObservedNode, standbys: readonly ObservedNode[]) => Step[];

/** In order: what an earlier rule wants is done before a later one is asked. */
const rules: readonly Rule[] = [
  writeDeclaredFiles,
  initialisePrimary,
  weakenQuorum,
  servePrimary,
  provideRolesAndSlots,
  attachStandbys,
  restartStandbys,
  restartPrimary,
  strengthenQuorum,
];

function nextStage(desired: Desired, observed: ObservedCluster): Stage {
  const primary = observed.nodes.find((node) => node.name === desired.plan.primary)!;
  const standbys = observed.nodes.filter((node) => node !== primary);
  const stopped = startStoppedContainers(observed);
  if (stopped.length > 0) return stopped;
  for (const rule of rules) {
    const steps = rule(desired, primary, standbys);
    if (steps.length > 0) return steps;
  }
  return [];
}

function startStoppedContainers(observed: ObservedCluster): Step[] {
  return observed.nodes
    .filter(({ container }) => container === "stopped")
    .map(({ name }) => ({ kind: "startContainer", node: name }));
}

function writeDeclaredFiles(desired: Desired, primary: ObservedNode, standbys: readonly ObservedNode[]): Step[] {
  return [primary, ...standbys]
    .filter((node) => !hasDeclaredFiles(desired, node))
    .map((node) => ({ kind: "writeFiles", node: node.name }));
}

function initialisePrimary(_desired: Desired, primary: ObservedNode): Step[] {
  return primary.volumes?.data === undefined ? [{ kind: "initialise", node: primary.name }] : [];
}

/** Before anything else is asked of the primary: what is no longer wanted must not block a commit that this run makes or waits for. */
function weakenQuorum(desired: Desired, primary: ObservedNode): Step[] {
  if (desired.plan.synchronousStandbyNames !== "" || !hasSynchronousStandbys(primary.volumes?.runtime)) return [];
  return [{ kind: "writeRuntime", node: primary.name, synchronousStandbyNames: "" }];
}

function servePrimary(desired: Desired, primary: ObservedNode): Step[] {
  const on = hasSynchronousStandbys(primary.volumes?.runtime);
  const names = on ? desired.plan.synchronousStandbyNames : "";
  // While the quorum is on, only strengthenQuorum changes its names.
  const upToDate = on
    ? hasLoadedConfiguration(primary)
    : hasRuntime(desired, primary, names) && hasLoadedConfiguration(primary);
  if (primary.server === undefined) {
    return hasRuntime(desired, primary, names)
      ? [{ kind: "startServer", node: primary.name }]
      : [{ kind: "writeRuntime", node: primary.name, synchronousStandbyNames: names }];
  }
  return upToDate ? [] : [{ kind: "writeRuntime", node: primary.name, synchronousStandbyNames: names }];
}

function provideRolesAndSlots(desired: Desired, primary: ObservedNode, standbys: readonly ObservedNode[]): Step[] {
  const steps: Step[] = [];
  if (missingFromDatabase(desired, primary.server!).length > 0)
    steps.push({ kind: "configureRoles", node: primary.name });
  for (const { name } of standbys) {
    const { slot } = desired.nodes[name]!.plan;
    if (slotOf(primary, slot) === undefined) steps.push({ kind: "createSlot", node: primary.name, slot });
  }
  return steps;
}

function attachStandbys(desired: Desired, primary: ObservedNode, standbys: readonly ObservedNode[]): Step[] {
  const names = desired.plan.synchronousStandbyNames;
  return standbys.flatMap((standby): Step[] => {
    const { name } = standby;
    if (
      standby.volumes?.data === undefined ||
      standby.volumes.hold !== undefined ||
      lostItsSlot(desired, primary, name)
    ) {
      return [{ kind: "clone", node: name, from: primary.name }];
    }
    if (!hasRuntime(desired, standby, names))
      return [{ kind: "writeRuntime", node: name, synchronousStandbyNames: names }];
    if (standby.server === undefined) return [{ kind: "startServer", node: name }];
    return hasLoadedConfiguration(standby)
      ? []
      : [{ kind: "writeRuntime", node: name, synchronousStandbyNames: names }];
  });
}

function restartStandbys(_desired: Desired, _primary: ObservedNode, standbys: readonly ObservedNode[]): Step[] {
  // One at a time, so that a quorum never loses more than one of its voters to us.
  const next = standbys.find(needsRestart);
  return next === undefined ? [] : [{ kind: "restartServer", node: next.name }];
}

function restartPrimary(_desired: Desired, primary: ObservedNode): Step[] {
  return needsRestart(primary) ? [{ kind: "restartServer", node: primary.name }] : [];
}

function strengthenQuorum(desired: Desired, primary: ObservedNode): Step[] {
  const names = desired.plan.synchronousStandbyNames;
  if (names === "" || hasRuntime(desired, primary, names)) return [];
  return [{ kind: "enableQuorum", node: primary.name, synchronousStandbyNames: names }];
}

/** The release, and every file in it unchanged since it was put there. */
function hasDeclaredFiles(desired: Desired, node: ObservedNode): boolean {
  const { release, fileHashes } = desired.nodes[node.name]!;
  const found = node.volumes?.fileHashes ?? {};
  const expected = Object.entries(fileHashes);
  return (
    node.volumes?.release === release &&
    Object.keys(found).length === expected.length &&
    expected.every(([path, hash]) => found[path] === hash)
  );
}

function hasRuntime(desired: Desired, node: ObservedNode, names: string): boolean {
  return node.volumes?.runtime === runtimeText(desired, node.name, names);
}

function needsRestart(node: ObservedNode): boolean {
  return (node.server?.pendingRestart.length ?? 0) > 0;
}

function slotOf(primary: ObservedNode, slot: string) {
  return primary.server!.slots.find(({ name }) => name === slot);
}

/** WAL that the standby would need is gone from the primary: it can never catch up. */
function lostItsSlot(desired: Desired, primary: ObservedNode, standby: string): boolean {
  return slotOf(primary, desired.nodes[standby]!.plan.slot)?.walStatus === "lost";
}
