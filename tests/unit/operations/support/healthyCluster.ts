import { type Desired, runtimeText } from "../../../../operations/desired.ts";
import type { ObservedCluster, ObservedNode, ObservedServer } from "../../../../operations/observed.ts";
import { wantedRoles } from "../../../../operations/roles.ts";
import { scramVerifier } from "../../../../operations/scram.ts";
import { logicalServer } from "./healthyLogical.ts";
import { streamingRow, streamingSlot } from "./healthyStream.ts";
import { quietServer } from "./quietServer.ts";

/** Id of the image that every container is made from. */
export const nodeImage = "sha256:0123456789abcdef0123456789abcdef";

/** What is observed of a cluster that is as desired. */
export function healthyCluster(desired: Desired): ObservedCluster {
  return { nodes: desired.plan.nodes.map(({ name }) => healthyNode(desired, name)) };
}

function healthyNode(desired: Desired, name: string): ObservedNode {
  const { plan, nodes } = desired;
  const { release, fileHashes } = nodes[name]!;
  const { publishAddress, port } = nodes[name]!.plan;
  const { role } = nodes[name]!.plan;
  const standby = role === "standby";
  return {
    name,
    container: "running",
    imageId: nodeImage,
    published: `${publishAddress}:${port}`,
    volumes: {
      release,
      fileHashes,
      configurationChangedAt: 1000,
      runtime: runtimeText(desired, name, plan.synchronousStandbyNames),
      directories: ["data"],
      freeBytes: 50e9,
      data: {
        systemIdentifier: "7000000000000000001",
        timeline: 1,
        state: standby ? "in archive recovery" : "in production",
        checksums: true,
        standbySignal: standby,
        checkpointLsn: "0/3000000",
      },
      ...(standby && { baseBackup: { takenAt: "2026-01-01T12:00:00Z", bytes: 23_400_000 } }),
    },
    server: healthyServer(desired, name),
  };
}

function healthyServer(desired: Desired, name: string): ObservedServer {
  switch (desired.nodes[name]!.plan.role) {
    case "primary":
      return primaryServer(desired);
    case "standby":
      return standbyServer(desired, name);
    default:
      return logicalServer(desired, name, { ...anyServer(desired), inRecovery: false });
  }
}

function primaryServer(desired: Desired): ObservedServer {
  const { plan } = desired;
  const standbys = plan.nodes.filter(({ name }) => name !== plan.primary);
  const syncState = { any: "quorum", first: "sync", none: "async" }[plan.synchronous?.method ?? "none"];
  return {
    ...anyServer(desired),
    inRecovery: false,
    slots: standbys.map(({ slot }) => streamingSlot(slot, "physical")),
    replication: standbys.map(({ name, slot }) =>
      streamingRow({ applicationName: name, role: "replicator", syncState, slot, replayLagSeconds: 0 }),
    ),
  };
}

function standbyServer(desired: Desired, name: string): ObservedServer {
  return {
    ...anyServer(desired),
    inRecovery: true,
    replayLsn: "0/3000100",
    replayPaused: false,
    replayLagSeconds: 0,
    walReceiver: {
      status: "streaming",
      slot: desired.nodes[name]!.plan.slot,
      senderHost: desired.plan.primary,
      timeline: 1,
    },
  };
}

function anyServer(desired: Desired): Omit<ObservedServer, "inRecovery"> {
  const { plan } = desired;
  return {
    ...quietServer,
    systemIdentifier: "7000000000000000001",
    timeline: 1,
    flushLsn: "0/3000100",
    databaseBytes: 23_400_000,
    configurationLoadedAt: 1001,
    settings: { data_checksums: "on", synchronous_standby_names: plan.synchronousStandbyNames },
    hbaRules: [
      { line: 1, type: "local", method: "peer", error: null },
      { line: 2, type: "hostnossl", method: "reject", error: null },
      { line: 3, type: "hostssl", method: "scram-sha-256", error: null },
      { line: 4, type: "host", method: "reject", error: null },
    ],
    slots: [],
    roles: [
      { name: "postgres", superuser: true, login: true, replication: true, password: null },
      ...wantedRoles(desired, desired.plan.primary).map(({ name, password, replication }) => ({
        name,
        superuser: false,
        login: true,
        replication,
        // One round of hashing is enough to be told apart.
        password: scramVerifier(password, Buffer.from("salt"), 1),
      })),
    ],
    databases: [
      { name: "postgres", owner: "postgres" },
      { name: plan.database, owner: plan.owner },
    ],
  };
}
