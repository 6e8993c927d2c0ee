import type { Mode } from "../configs/spec.ts";
import type { Desired } from "./desired.ts";
import { hasLoadedConfiguration } from "./desired.ts";
import { leaderOf, ledBy } from "./leader.ts";
import type { ObservedCluster } from "./observed.ts";
import { predict } from "./predict.ts";
import { refuseUnsafe } from "./refuse.ts";
import { leaderlessRules } from "./rules/leaderless.ts";
import { logicalRules } from "./rules/logical/logicalRules.ts";
import { physicalRules } from "./rules/physical.ts";
import type { Rule } from "./rules/rule.ts";
import type { Stage, Step } from "./step.ts";

/** What is to be done, and what it leads to. */
export interface Course {
  /** By what the stages are to be executed: with the primary that leads the cluster at present. */
  readonly desired: Desired;
  readonly stages: readonly Stage[];
  /** What will be observed when all of them are done, and nothing is left to do; missing where only another look tells what comes next. */
  readonly expected?: ObservedCluster;
}

/** The stages of the course. */
export function reconcile(desired: Desired, observed: ObservedCluster): readonly Stage[] {
  return plotCourse(desired, observed).stages;
}

/**
 * The ordered stages that lead from what is observed to what is desired; none when it is there already. Pure.
 *
 * Invariant, at every cut between and inside stages:
 * - a data directory that may hold acknowledged rows is never removed, initialised over, or started as a second writable node;
 * - an empty cluster is initialised only where no node holds any data;
 * - a standby becomes the primary only when nobody else can accept writes any more, and when it has all that anybody has;
 * - a quorum is weakened before anything that needs it gone, and strengthened only when the standbys it counts on stream.
 *
 * Throws a UserError, before any step, where going on could break it.
 */
export function plotCourse(declared: Desired, observed: ObservedCluster): Course {
  // Each node is led through a few steps of its own; more stages mean a rule that never settles.
  const mostStages = 20 + 5 * observed.nodes.length;
  const stages: Stage[] = [];
  let state = observed;
  const desired = ledBy(declared, leaderOf(declared, observed) ?? declared.plan.primary);
  for (;;) {
    refuseUnsafe(declared, state);
    const stage = nextStage(declared, desired, state);
    if (stage.length === 0) return { desired, stages, expected: state };
    if (stages.length === mostStages)
      throw new Error(`no end to the plan: stage ${JSON.stringify(stage)} again and again`);
    stages.push(stage);
    if (stage.some((step) => reveals(desired, state, step))) return { desired, stages };
    state = stage.reduce((before, step) => predict(desired, before, step), state);
  }
}

/**
 * Does a step bring to light what could not be observed before it: what a stopped container's volumes hold, how far a server that was
 * down has come, which parameters wait for a restart once files are loaded, which limits of a standby may go down once its primary's have,
 * what a database that is new, a schema file or a publication holds? Nothing is planned beyond such a step.
 */
function reveals(desired: Desired, observed: ObservedCluster, step: Step): boolean {
  const { kind, node } = step;
  if (revealing.has(kind)) return true;
  if (kind === "restartServer") return node === step.primary;
  const before = observed.nodes.find(({ name }) => name === node)!;
  if (desired.plan.logical !== undefined && kind === "configureRoles") return before.server?.logical === undefined;
  return kind === "writeRuntime" && before.server !== undefined && !hasLoadedConfiguration(before);
}

const revealing: ReadonlySet<Step["kind"]> = new Set([
  "startContainer",
  "startServer",
  "applySchemaFiles",
  "setPublications",
  "cloneSubscriber",
  "switchOver",
  "rejoin",
  "promote",
]);

const rules: Readonly<Record<Mode, readonly Rule[]>> = {
  async: physicalRules,
  quorum: physicalRules,
  logical: logicalRules,
};

function nextStage(declared: Desired, desired: Desired, observed: ObservedCluster): Stage {
  const primary = observed.nodes.find((node) => node.name === desired.plan.primary)!;
  const others = observed.nodes.filter((node) => node !== primary);
  const successor = others.find(({ name }) => name === declared.plan.primary);
  const leaderless = desired.plan.logical === undefined && leaderOf(declared, observed) === undefined;
  // Who is declared is no leaver, even where only a part of the plan is to be reached.
  const leavers = (observed.leavers ?? []).filter(({ name }) => desired.nodes[name] === undefined);
  for (const rule of leaderless ? leaderlessRules : rules[desired.plan.mode]) {
    const steps = rule({ desired, primary, others, leavers, ...(successor && { successor }) });
    if (steps.length > 0) return steps;
  }
  return [];
}
