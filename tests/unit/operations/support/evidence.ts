import type { ObservedLogical, ObservedSubscription } from "../../../../operations/logical/observedLogical.ts";
import type { ObservedNode, ObservedReplication, ObservedServer } from "../../../../operations/observed.ts";
import type { Check, Evidence, Finding } from "../../../../operations/verify/check.ts";
import { checksFor } from "../../../../operations/verify/checks.ts";
import type { ClientProbe } from "../../../../operations/verify/clientProbe.ts";
import type { LogicalProbes } from "../../../../operations/verify/logical/probeLogical.ts";
import type { MarkerProbe } from "../../../../operations/verify/markerProbe.ts";
import { certificateUntil2126 } from "./certificate.ts";
import { type ClusterDeclaration, desiredOf } from "./desired.ts";
import { healthyCluster, nodeImage } from "./healthyCluster.ts";
import { healthyLogicalProbes } from "./healthyLogical.ts";

/** What is found on a cluster that is as desired: by default a quorum of pg-1 (primary), pg-2 and pg-3. */
export function healthy(declaration: ClusterDeclaration = {}): Evidence {
  const desired = { ...desiredOf({ certificate: certificateUntil2126, ...declaration }), imageId: nodeImage };
  const { nodes, primary } = desired.plan;
  const standbys = nodes.map(({ name }) => name).filter((name) => name !== primary);
  const marker: MarkerProbe = {
    lsn: "0/3000100",
    commitMilliseconds: 1.5,
    committedAt: 5,
    flushedBy: standbys,
    standbys: Object.fromEntries(standbys.map((name) => [name, { visibleAfter: 3 }])),
  };
  const { logical } = desired.plan;
  const client = (name: string): ClientProbe => ({
    tls: "TLSv1.3 TLS_AES_256_GCM_SHA384",
    write: name === primary || logical !== undefined ? "accepted" : "refused",
    withoutTls: "refused",
    withWrongPassword: "refused",
  });
  return {
    desired,
    observed: healthyCluster(desired),
    probes: {
      bound: 10_000,
      ...(logical === undefined ? { marker } : { logical: healthyLogicalProbes(desired) }),
      clients: Object.fromEntries(nodes.map(({ name }) => [name, client(name)])),
    },
    now: Date.parse("2026-12-01T00:00:00Z"),
  };
}

/** One thing that is wrong with the evidence. */
export type Fault = (evidence: Evidence) => Evidence;

export function node(
  name: string,
  change: Partial<{ [Key in keyof ObservedNode]: ObservedNode[Key] | undefined }>,
): Fault {
  return (evidence) => ({
    ...evidence,
    observed: {
      nodes: evidence.observed.nodes.map((each) =>
        each.name === name ? ({ ...each, ...change } as ObservedNode) : each,
      ),
    },
  });
}

export function server(name: string, change: Partial<ObservedServer>): Fault {
  return (evidence) => node(name, { server: { ...nodeOf(evidence, name).server!, ...change } })(evidence);
}

export function volumes(name: string, change: Partial<NonNullable<ObservedNode["volumes"]>>): Fault {
  return (evidence) => node(name, { volumes: { ...nodeOf(evidence, name).volumes!, ...change } })(evidence);
}

/** The row of a standby in the primary's pg_stat_replication. */
export function row(standby: string, change: Partial<ObservedReplication>): Fault {
  return (evidence) => {
    const { primary } = evidence.desired.plan;
    const { replication } = nodeOf(evidence, primary).server!;
    const changed = replication.map((each) => (each.applicationName === standby ? { ...each, ...change } : each));
    return server(primary, { replication: changed })(evidence);
  };
}

export function marker(change: Partial<MarkerProbe>): Fault {
  return ({ probes, ...evidence }) => ({
    ...evidence,
    probes: { ...probes, marker: { ...probes.marker!, ...change } },
  });
}

export function client(
  name: string,
  change: Partial<{ [Key in keyof ClientProbe]: ClientProbe[Key] | undefined }>,
): Fault {
  return ({ probes, ...evidence }) => {
    const changed = { ...probes.clients[name], ...change } as ClientProbe;
    return { ...evidence, probes: { ...probes, clients: { ...probes.clients, [name]: changed } } };
  };
}

/** What logical replication has on a node. */
export function logical(name: string, change: Partial<ObservedLogical>): Fault {
  return (evidence) => {
    const observed = nodeOf(evidence, name).server!.logical!;
    return server(name, { logical: { ...observed, ...change } })(evidence);
  };
}

export function subscription(subscriber: string, change: Partial<ObservedSubscription>): Fault {
  return (evidence) => {
    const { subscriptions } = nodeOf(evidence, subscriber).server!.logical!;
    return logical(subscriber, { subscriptions: subscriptions.map((each) => ({ ...each, ...change })) })(evidence);
  };
}

export function logicalProbes(change: Partial<LogicalProbes>): Fault {
  return ({ probes, ...evidence }) => ({
    ...evidence,
    probes: { ...probes, logical: { ...probes.logical!, ...change } },
  });
}

export function all(...faults: readonly Fault[]): Fault {
  return (evidence) => faults.reduce((before, fault) => fault(before), evidence);
}

function nodeOf({ observed }: Evidence, name: string): ObservedNode {
  return observed.nodes.find((each) => each.name === name)!;
}

/** A row of a table of faults: what is wrong, and what the check then says. */
export interface FaultRow {
  readonly fault: string;
  readonly cluster?: ClusterDeclaration;
  readonly evidence: Fault;
  /** The node it is found on; missing where it is the cluster. */
  readonly on?: string;
  readonly says: RegExp;
  /** What to do. */
  readonly remedy: RegExp;
}

/** The failed findings of one check. */
export function failures({ examine }: Check, { cluster, evidence }: Pick<FaultRow, "cluster" | "evidence">): Finding[] {
  return examine(evidence(healthy(cluster))).filter(({ ok }) => !ok);
}

/** Ids of all checks of the cluster's mode that fail. */
export function failedChecks(evidence: Evidence): string[] {
  const { mode } = evidence.desired.plan;
  return checksFor(mode)
    .filter(({ examine }) => examine(evidence).some(({ ok }) => !ok))
    .map(({ id }) => id);
}
