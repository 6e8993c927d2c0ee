import type { Desired } from "./desired.ts";
import { runtimeText } from "./desired.ts";
import { predictLogical } from "./logical/predictLogical.ts";
import type { ObservedCluster, ObservedNode, ObservedServer, ObservedSlot, ObservedVolumes } from "./observed.ts";
import { rolesOf } from "./roles.ts";
import type { Step } from "./step.ts";

/** What would be observed after a step has succeeded: the planner's model of the world. Pure. */
export function predict(desired: Desired, observed: ObservedCluster, step: Step): ObservedCluster {
  const change = (name: string, to: (node: ObservedNode) => ObservedNode) => changeIn(observed, name, to);
  const release = desired.nodes[step.node]!.release;
  switch (step.kind) {
    case "startContainer":
      return change(step.node, (node) => ({ ...node, container: "running" }));
    case "writeFiles":
      return change(step.node, (node) =>
        changed(withVolumes(node, { release, fileHashes: desired.nodes[step.node]!.fileHashes })),
      );
    case "initialise":
      return change(step.node, (node) =>
        serving(withVolumes(withoutHold(node), emptyPrimary(desired, step.node)), false),
      );
    case "writeRuntime":
    case "enableQuorum":
      return changeIn(withIdleSlots(desired, observed, step.node), step.node, (node) => {
        const runtime = runtimeText(desired, step.node, step.synchronousStandbyNames);
        const settings = { ...node.server?.settings, synchronous_standby_names: step.synchronousStandbyNames };
        const written = loaded(withVolumes(node, { runtime }));
        return written.server === undefined ? written : withServer(written, { settings });
      });
    case "startServer":
    case "restartServer":
      return change(step.node, (node) =>
        serving(withoutHold(node), desired.plan.logical === undefined && step.node !== desired.plan.primary),
      );
    case "keepPrimary":
      return change(step.node, (node) => withVolumes(node, { data: { ...node.volumes!.data!, standbySignal: false } }));
    // Nothing is planned beyond these.
    case "cloneSubscriber":
    case "switchOver":
    case "rejoin":
    case "promote":
      return observed;
    case "configureRoles":
      return change(step.node, (node) => withServer(node, rolesOf(desired, step.node)));
    case "createSlot":
      return change(step.node, (node) => withServer(node, { slots: [...node.server!.slots, newSlot(step.slot)] }));
    case "retire": {
      const retired = change(step.node, (node) => withoutSlot(node, step.slot));
      return { ...retired, leavers: (observed.leavers ?? []).filter(({ name }) => name !== step.leaver) };
    }
    case "createSubscription": {
      const { slot } = desired.nodes[step.node]!.plan;
      const nodes = observed.nodes.map((node) => {
        if (node.name === step.node) return predictLogical(desired, node, step);
        const slots = [...(node.server?.slots ?? []), { ...newSlot(slot), type: "logical" as const }];
        return node.name === desired.plan.primary ? withServer(node, { slots }) : node;
      });
      return { ...observed, nodes };
    }
    case "dropSlot":
    case "dropLogicalSlot":
      return change(step.node, (node) => withoutSlot(node, step.slot));
    case "clone": {
      const slot = desired.nodes[step.node]!.plan.slot;
      const cloned = change(step.node, (node) => {
        const runtime = runtimeText(desired, step.node, desired.plan.synchronousStandbyNames);
        const data = { ...observed.nodes.find(({ name }) => name === step.from)!.volumes!.data!, standbySignal: true };
        return serving(withVolumes(withoutHold(node), { runtime, data }), true);
      });
      return {
        ...observed,
        nodes: cloned.nodes.map((node) =>
          node.name === step.from
            ? withServer(node, { slots: node.server!.slots.map((each) => (each.name === slot ? newSlot(slot) : each)) })
            : node,
        ),
      };
    }
    default:
      return change(step.node, (node) => predictLogical(desired, node, step));
  }
}

/** Of a node that was never brought up. */
export function changeIn(
  observed: ObservedCluster,
  name: string,
  to: (node: ObservedNode) => ObservedNode,
): ObservedCluster {
  return { ...observed, nodes: observed.nodes.map((node) => (node.name === name ? to(node) : node)) };
}

/** Whom a standby followed before, that one's slot for it is in use no more. */
function withIdleSlots({ plan, nodes }: Desired, observed: ObservedCluster, standby: string): ObservedCluster {
  if (plan.logical !== undefined || standby === plan.primary) return observed;
  const { slot } = nodes[standby]!.plan;
  const idle = (node: ObservedNode) =>
    node.server === undefined || node.name === plan.primary
      ? node
      : withServer(node, {
          slots: node.server.slots.map((each) => (each.name === slot ? { ...each, active: false } : each)),
        });
  return { ...observed, nodes: observed.nodes.map(idle) };
}

export const emptyVolumes: ObservedVolumes = {
  fileHashes: {},
  configurationChangedAt: 0,
  directories: [],
  freeBytes: 0,
};

/** The files are younger than what the server has read. */
function changed(node: ObservedNode): ObservedNode {
  return withVolumes(node, { configurationChangedAt: (node.server?.configurationLoadedAt ?? 0) + 1 });
}

function loaded(node: ObservedNode): ObservedNode {
  if (node.server === undefined) return node;
  return withServer(node, { configurationLoadedAt: (node.volumes?.configurationChangedAt ?? 0) + 1 });
}

function withVolumes(node: ObservedNode, volumes: Partial<NonNullable<ObservedNode["volumes"]>>): ObservedNode {
  return { ...node, volumes: { ...(node.volumes ?? emptyVolumes), ...volumes } };
}

function withoutHold(node: ObservedNode): ObservedNode {
  const { hold: _, fence: __, ...volumes } = node.volumes ?? emptyVolumes;
  return { ...node, volumes };
}

function withServer(node: ObservedNode, server: Partial<ObservedServer>): ObservedNode {
  return { ...node, server: { ...node.server!, ...server } };
}

function withoutSlot(node: ObservedNode, slot: string): ObservedNode {
  return withServer(node, { slots: node.server!.slots.filter(({ name }) => name !== slot) });
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

function serving(node: ObservedNode, inRecovery: boolean): ObservedNode {
  const { serverError: _, ...rest } = node;
  return loaded({ ...rest, server: { ...(node.server ?? freshServer), inRecovery, pendingRestart: [] } });
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
  configurationLoadedAt: 0,
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
