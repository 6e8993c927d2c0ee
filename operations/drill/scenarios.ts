import type { ClusterPlan } from "../../configs/plan.ts";
import { NodeContainer } from "../docker.ts";
import type { ScenarioName } from "./scenarioNames.ts";

/** A fault that is made on real containers. */
export interface Scenario {
  /** What happens to the nodes that it hits, as a sentence's end: `pg-1 is killed`. */
  readonly fault: string;
  /** The nodes that it hits. Pure. */
  readonly victims: (plan: ClusterPlan, primary: string) => readonly string[];
  /** Seconds from the fault to the recovery, in a drill of so many seconds. */
  readonly lasts: (seconds: number) => number;
  readonly inflict: (node: Victim) => Promise<void>;
  /** What the fault did to the container is taken back, where it has not been already. Not what it did to the cluster: see Recovery. */
  readonly undo: (node: Victim) => Promise<void>;
}

/** A node that a fault hits. */
export interface Victim {
  readonly name: string;
  readonly network: string;
  readonly container: NodeContainer;
}

export function victimOf(plan: ClusterPlan, name: string): Victim {
  const { container } = plan.nodes.find((node) => node.name === name)!;
  return { name, network: plan.network, container: new NodeContainer(container) };
}

const thePrimary = (_: ClusterPlan, primary: string) => [primary];
/** Whoever looks after the cluster reacts at once: what is measured is the cluster. */
const atOnce = () => 0;
/** Long enough to be seen, too short for servers to give each other up. */
const forAMoment = (seconds: number) => Math.min(5, seconds / 6);

const start = ({ container }: Victim) => container.start();

export const scenarios: Readonly<Record<ScenarioName, Scenario>> = {
  kill: {
    fault: "is killed (SIGKILL), as in a crash",
    victims: thePrimary,
    lasts: atOnce,
    inflict: ({ container }) => container.kill(),
    undo: start,
  },
  stop: {
    fault: "is stopped (fast shutdown)",
    victims: thePrimary,
    lasts: atOnce,
    inflict: ({ container }) => container.stop(),
    undo: start,
  },
  pause: {
    fault: "is frozen: its processes do not run, its connections stay open",
    victims: thePrimary,
    lasts: forAMoment,
    inflict: ({ container }) => container.pause(),
    undo: async ({ container }) => {
      const info = await container.inspect();
      if (info?.State.Paused) await container.unpause();
    },
  },
  network: {
    fault: "is cut off from the network of the nodes and from its clients",
    victims: thePrimary,
    lasts: forAMoment,
    inflict: ({ container, network }) => container.disconnect(network),
    undo: async ({ container, network, name }) => {
      const info = await container.inspect();
      if (info?.NetworkSettings.Networks[network] === undefined) await container.connect(network, name);
    },
  },
  switchover: {
    fault: "is to hand over to another node",
    victims: thePrimary,
    lasts: atOnce,
    inflict: async () => {},
    undo: async () => {},
  },
  "replica-loss": {
    fault: "is killed (SIGKILL): writes have to go on without it",
    victims: standbysThatMayDie,
    lasts: (seconds) => seconds / 3,
    inflict: ({ container }) => container.kill(),
    undo: start,
  },
};

/** One standby; where commits wait for a quorum, as many as leave enough of them. */
export function standbysThatMayDie({ nodes, synchronous }: ClusterPlan, primary: string): string[] {
  const standbys = nodes.map(({ name }) => name).filter((name) => name !== primary);
  return standbys.slice(0, synchronous === undefined ? 1 : standbys.length - synchronous.number);
}
