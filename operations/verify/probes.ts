import type { Connections } from "../connections.ts";
import type { Desired } from "../desired.ts";
import { NodeContainer } from "../docker.ts";
import type { ObservedCluster } from "../observed.ts";
import { type ClientProbe, probeClient } from "./clientProbe.ts";
import { type MarkerProbe, probeMarker } from "./markerProbe.ts";

/** What was found by doing, not by looking. */
export interface Probes {
  /** Milliseconds that each wait in a probe was given. */
  readonly bound: number;
  /** Missing when the primary accepts no writes. */
  readonly marker?: MarkerProbe;
  /** By node, for each node whose server runs. */
  readonly clients: Readonly<Record<string, ClientProbe>>;
}

const bound = 10_000;

/** Writes the marker row and logs in as a client on every node. The marker row is all that it changes. */
export async function probe(desired: Desired, connections: Connections, observed: ObservedCluster): Promise<Probes> {
  const running = observed.nodes.filter(({ server }) => server !== undefined).map(({ name }) => name);
  const container = (name: string) => new NodeContainer(desired.nodes[name]!.plan.container);
  const { primary } = desired.plan;
  const primaryWrites = observed.nodes.some(({ name, server }) => name === primary && server?.inRecovery === false);
  const standbys = running.filter((name) => name !== primary).map((name) => ({ name, container: container(name) }));
  const [marker, clients] = await Promise.all([
    primaryWrites ? probeMarker(connections, container(primary), standbys, bound) : undefined,
    Promise.all(running.map(async (name) => [name, await probeClient(desired, name, bound)] as const)),
  ]);
  return { bound, ...(marker && { marker }), clients: Object.fromEntries(clients) };
}
