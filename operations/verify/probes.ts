import type { Connections } from "../connections.ts";
import type { Desired } from "../desired.ts";
import { NodeContainer } from "../docker.ts";
import type { ObservedCluster } from "../observed.ts";
import { type ClientProbe, probeClient } from "./clientProbe.ts";
import { type LogicalProbes, probeLogical } from "./logical/probeLogical.ts";
import { type MarkerProbe, probeMarker } from "./markerProbe.ts";

/** What was found by doing, not by looking. */
export interface Probes {
  /** Milliseconds that each wait in a probe was given. */
  readonly bound: number;
  /** Physical replication's; missing when the primary accepts no writes. */
  readonly marker?: MarkerProbe;
  /** By node, for each node whose server runs. */
  readonly clients: Readonly<Record<string, ClientProbe>>;
  /** Mode logical only. */
  readonly logical?: LogicalProbes;
}

const bound = 10_000;

/** Proves replication with rows of its own and logs in as a client on every node. Changes nothing but those rows. */
export async function probe(desired: Desired, connections: Connections, observed: ObservedCluster): Promise<Probes> {
  const running = observed.nodes.filter(({ server }) => server !== undefined).map(({ name }) => name);
  const [replication, clients] = await Promise.all([
    desired.plan.logical === undefined
      ? probePhysical(desired, connections, observed, running)
      : probeLogical(desired, observed, bound).then((logical) => ({ logical })),
    Promise.all(running.map(async (name) => [name, await probeClient(desired, name, bound)] as const)),
  ]);
  return { bound, ...replication, clients: Object.fromEntries(clients) };
}

async function probePhysical(
  desired: Desired,
  connections: Connections,
  observed: ObservedCluster,
  running: readonly string[],
): Promise<Pick<Probes, "marker">> {
  const { primary } = desired.plan;
  const container = (name: string) => new NodeContainer(desired.nodes[name]!.plan.container);
  const primaryWrites = observed.nodes.some(({ name, server }) => name === primary && server?.inRecovery === false);
  if (!primaryWrites) return {};
  const standbys = running.filter((name) => name !== primary).map((name) => ({ name, container: container(name) }));
  return { marker: await probeMarker(connections, container(primary), standbys, bound) };
}
