import { Connections } from "../connections.ts";
import { converge } from "../converge.ts";
import type { Desired } from "../desired.ts";
import { ledBy } from "../leader.ts";
import type { Progress } from "../progress.ts";
import type { ScenarioName } from "./scenarioNames.ts";
import { type Scenario, scenarios, type Victim } from "./scenarios.ts";

/** A fault that was made. */
export interface Fault {
  readonly desired: Desired;
  /** The node that was the primary. */
  readonly primary: string;
  readonly victims: readonly Victim[];
}

/** How a cluster is led out of a fault. */
export interface Recovery {
  /** What is done, as a sentence's end: `pg-1 is started again`. */
  readonly does: string;
  /** Does it. That writes are accepted and standbys stream again is waited for by the drill. */
  readonly recover: (fault: Fault, progress: Progress) => Promise<void>;
}

/** One for each scenario: where a fault is answered by a failover, that is done here. */
export const recoveries: Readonly<Record<ScenarioName, Recovery>> = {
  kill: undoing("kill", "is started again"),
  stop: undoing("stop", "is started again"),
  pause: undoing("pause", "runs again"),
  network: undoing("network", "is on the network again"),
  switchover: { does: "is followed by another primary, and takes over again", recover: thereAndBack },
  "replica-loss": undoing("replica-loss", "is started again"),
};

/** Two switchovers, as `up` does them: the cluster ends as its stack config declares it. */
async function thereAndBack({ desired, primary }: Fault, progress: Progress): Promise<void> {
  const standby = desired.plan.nodes.find(({ name }) => name !== primary)!.name;
  await using connections = new Connections();
  await converge(ledBy(desired, standby), connections, progress);
  await converge(ledBy(desired, primary), connections, progress);
}

function undoing(scenario: ScenarioName, does: string): Recovery {
  return { does, recover: ({ victims }) => undoAll(scenarios[scenario], victims) };
}

export async function undoAll({ undo }: Scenario, victims: readonly Victim[]): Promise<void> {
  await Promise.all(victims.map(undo));
}
