import type { Desired } from "./desired.ts";
import { runtimeText } from "./desired.ts";
import type { ObservedCluster, ObservedNode, ObservedServer, ObservedSlot } from "./observed.ts";
import { rolesOf } from "./roles.ts";
import type { Step } from "./step.ts";

/** What would be observed after a step has succeeded: the planner's model of the world. Pure. */
export function predict(desired: Desired, observed: ObservedCluster, step: Step): ObservedCluster {
  const change = (name: string, to: (node: ObservedNode) => ObservedNode) => ({
    nodes: observed.nodes.map((node) => (node.name === name ? to(node) : node)),
  });
  const release = desired.nodes[step.node]!.release;
  switch (step.kind) {
    case "startContainer":
      return change(step.node, (node) => ({ ...node, container: "running", volumes: node.volumes ?? unknownVolumes }));
    case "writeFiles":
      return change(step.node, (node) =>
        withVolumes(node, { release, fileHashes: desired.nodes[step.node]!.fileHashes }),
      );
    case "initialise":
      return change(step.node, (node) => serving(desired, withVolumes(node, emptyPrimary(desired, step.node)), false));
    case "writeRuntime":
    case "enableQuorum":
      return change(step.node, (node) => {
        const runtime = runtimeText(desired, step.node, step.synchronousStandbyNames);
        const written = withVolumes(node, { runtime });
        return node.server === undefined ? written : { ...written, server: { ...node.server, loadedRelease: release } };
      });
    case "startServer":
    case "restartServer":
      return change(step.node, (node) => serving(desired, node, step.node !== desired.plan.primary));
    case "configureRoles":
      return change(step.node, (node) => withServer(node, rolesOf(desired)));
    case "createSlot":
      return change(step.node, (node) => withServer(node, { slots: [...node.server!.slots, newSlot(step.slot)] }));
    case "clone": {
      const slot = desired.nodes[step.node]!.plan.slot;
      const cloned = change(step.node, (node) => {
        const runtime = runtimeText(desired, step.node, desired.plan.synchronousStandbyNames);
        const data = { ...observed.nodes.find(({ name }) => name === step.from)!.volumes!.data!, standbySignal: true };
        return serving(desired, withVolumes(node, { runtime, data }), true);
      });
      return {
        nodes: cloned.nodes.map((node) =>
          node.name === step.from
            ? withServer(node, { slots: node.server!.slots.map((each) => (each.name === slot ? newSlot(slot) : each)) })
            : node,
        ),
      };
    }
  }
}

const unknownVolumes = { fileHashes: {}, directories: [], freeBytes: 0 };

function withVolumes(node: ObservedNode, volumes: Partial<NonNullable<ObservedNode["volumes"]>>): ObservedNode {
  return { ...node, volumes: { ...(node.volumes ?? unknownVolumes), ...volumes } };
}

function withServer(node: ObservedNode, server: Partial<ObservedServer>): ObservedNode {
  return { ...node, server: { ...node.server!, ...server } };
}

function emptyPrimary(desired: Desired, node: string) {
  return {
    runtime: runtimeText(desired, node, ""),
    data: {
      systemIdentifier: "new",
      timeline: 1,
      state: "in production",
      checksums: true,
      standbySignal: false,
      checkpointLsn: "0/0",
    },
  };
}

function newSlot(name: string): ObservedSlot {
  return { name, type: "physical", active: false, walStatus: "reserved", retainedBytes: 0 };
}

function serving(desired: Desired, node: ObservedNode, inRecovery: boolean): ObservedNode {
  const { serverError: _, ...rest } = node;
  const server = {
    ...(node.server ?? freshServer),
    inRecovery,
    pendingRestart: [],
    loadedRelease: desired.nodes[node.name]!.release,
  };
  return { ...rest, server };
}

const freshServer: ObservedServer = {
  inRecovery: false,
  systemIdentifier: "new",
  timeline: 1,
  flushLsn: "0/0",
  replayLsn: null,
  replayPaused: null,
  replayLagSeconds: null,
  databaseBytes: 0,
  loadedRelease: null,
  settings: {},
  pendingRestart: [],
  foreignSettings: [],
  fileErrors: [],
  hbaRules: [],
  slots: [],
  replication: [],
  walReceiver: null,
  roles: [],
  roleSettings: [],
  databases: [],
  checksumFailures: 0,
};
