import { setTimeout as delay } from "node:timers/promises";
import type { ClusterPlan } from "../../configs/plan.ts";
import { UserError } from "../../configs/userError.ts";
import type { Desired } from "../desired.ts";
import type { Progress } from "../progress.ts";
import { comesTrue } from "../until.ts";
import { Looks } from "../watch/clusterWatch.ts";
import { physicalReplication } from "../watch/physicalReplication.ts";
import type { SampledNode } from "../witness/lagSamples.ts";
import { startWitness, type Witness } from "../witness/witness.ts";
import type { WitnessAccount } from "../witness/witnessAccount.ts";
import { type Fault, recoveries, undoAll } from "./recoveries.ts";
import type { ScenarioName } from "./scenarioNames.ts";
import { scenarios, victimOf } from "./scenarios.ts";

export interface DrillOptions {
  readonly scenario: ScenarioName;
  /** Concurrent writers. */
  readonly clients: number;
  /** The fault comes after a third of them; at least so long the writers are at work. */
  readonly seconds: number;
  /** Rows a second in all. */
  readonly rate?: number;
}

/** What `drill --json` prints. Holds no secret. */
export interface DrillResult extends Omit<DrillOptions, "rate"> {
  readonly stack: string;
  readonly mode: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /** Before the fault. */
  readonly primary: string;
  readonly victims: readonly string[];
  /** Milliseconds since the writers began. */
  readonly faultAt: number;
  readonly recoveryAt: number;
  /** When one node accepted writes and all others streamed from it again; null when they did not in time. */
  readonly wholeAt: number | null;
  /** The account is ok, and the cluster is whole again. */
  readonly ok: boolean;
  readonly account: WitnessAccount;
}

/** Milliseconds for the cluster to be whole again after what was done to recover it. */
const wholeWithin = 60_000;
/** Milliseconds for every node to say what it is, before the drill. */
const answersWithin = 5_000;
/** Milliseconds that the writers go on once all is well, so that it can be seen. */
const afterwards = 1_000;

/**
 * Writers at work, a fault on real containers, the recovery, and the account. Throws a UserError when the cluster is not whole to begin
 * with, and an AbortError when it is interrupted: then, as whenever it fails, the containers are put back as they were, and nothing of the
 * drill stays in the database.
 */
export async function runDrill(
  desired: Desired,
  options: DrillOptions,
  progress: Progress,
  interrupted: AbortSignal,
): Promise<DrillResult> {
  const { scenario, clients, seconds, rate } = options;
  const { plan } = desired;
  const primary = await wholePrimary(plan);
  const startedAt = new Date().toISOString();
  await using witness = await startWitness({ desired, clients, ...(rate !== undefined && { rate }) });
  progress.say(`${clients} clients write to ${primary}; the fault comes in ${(seconds / 3).toFixed(0)} s`);
  const wait = (milliseconds: number) => delay(milliseconds, undefined, { signal: interrupted });
  await wait((seconds * 1000) / 3);
  const victims = scenarios[scenario].victims(plan, primary);
  const fault = { desired, primary, victims: victims.map((name) => victimOf(plan, name)) };
  const times = await faultAndRecovery({ witness, progress, interrupted }, options, fault);
  await wait(Math.max(afterwards, seconds * 1000 - witness.now()));
  const account = await witness.stop();
  const { stack, mode } = plan;
  const ok = account.ok && times.wholeAt !== null;
  return { stack, mode, scenario, clients, seconds, startedAt, primary, victims, ...times, ok, account };
}

interface Story {
  readonly witness: Witness;
  readonly progress: Progress;
  readonly interrupted: AbortSignal;
}

async function faultAndRecovery(
  { witness, progress, interrupted }: Story,
  { scenario: name, seconds }: DrillOptions,
  fault: Fault,
): Promise<Pick<DrillResult, "faultAt" | "recoveryAt" | "wholeAt">> {
  const scenario = scenarios[name];
  const who = fault.victims.map((victim) => victim.name).join(", ");
  const tell = (text: string) => {
    witness.mark(text);
    progress.say(`${(witness.now() / 1000).toFixed(1)} s: ${text}`);
    return witness.now();
  };
  await using repairs = new AsyncDisposableStack();
  repairs.defer(() => undoAll(scenario, fault.victims)); // if it is interrupted, or the recovery fails
  const faultAt = tell(`${who} ${scenario.fault}`);
  await Promise.all(fault.victims.map(scenario.inflict));
  await delay(scenario.lasts(seconds) * 1000, undefined, { signal: interrupted });
  const recoveryAt = tell(`${who} ${recoveries[name].does}`);
  await recoveries[name].recover(fault, progress);
  repairs.move();
  const whole = await becomesWhole(witness, recoveryAt, interrupted);
  const wholeAt = whole ? tell("one node accepts writes, and all others stream from it") : null;
  return { faultAt, recoveryAt, wholeAt };
}

function becomesWhole(witness: Witness, since: number, interrupted: AbortSignal): Promise<boolean> {
  const isWholeAgain = async () => {
    interrupted.throwIfAborted();
    const look = witness.latestLook;
    if (look === undefined || look.at < since || !isWhole(look.nodes)) return false;
    return witness.acknowledgedSince(since);
  };
  return comesTrue(isWholeAgain, { timeout: wholeWithin });
}

function isWhole(nodes: readonly Pick<SampledNode, "role" | "state">[]): boolean {
  const primaries = nodes.filter(({ role }) => role === "primary");
  return primaries.length === 1 && nodes.every(({ role, state }) => role === "primary" || state === "streaming");
}

/** The node that accepts writes. Throws a UserError where anything is missing: then the drill would show that, and not the fault. */
async function wholePrimary(plan: ClusterPlan): Promise<string> {
  if (plan.logical !== undefined) {
    throw new UserError(
      `Stack ${plan.stack} has mode logical. A drill is for modes async and quorum, where one node accepts writes.`,
    );
  }
  await using looks = new Looks(plan, physicalReplication);
  const { nodes } = await looks.look(answersWithin);
  const primary = nodes.find(({ role }) => role === "primary");
  if (primary !== undefined && isWhole(nodes)) return primary.node;
  const seen = nodes.map(({ node, role, state }) => `  ${node}: ${role === "unknown" ? "" : `${role}, `}${state}`);
  throw new UserError(
    `A drill begins with one primary and every other node streaming from it:\n${seen.join("\n")}\nRun npm run up -- --stack ${plan.stack} first.`,
  );
}
