import type {
  ObservedCluster,
  ObservedNode,
  ObservedServer,
  ObservedVolumes,
} from "../../../../../operations/observed.ts";
import { quietServer } from "../quietServer.ts";
import { standbysOf } from "./servers.ts";
import { settingOf, type World, type WorldData, type WorldNode } from "./world.ts";

/** What operations/observe.ts would find in this world, the nodes in the given order. */
export function look(world: World, names: readonly string[]): ObservedCluster {
  return { nodes: names.map((name) => lookAt(world, world.nodes[name]!)) };
}

function lookAt(world: World, node: WorldNode): ObservedNode {
  const { name, container } = node;
  if (container === "absent") return { name, container };
  const volumes = volumesOf(node);
  if (container !== "running") return { name, container, volumes };
  if (node.server === undefined) return { name, container, volumes, serverError: "no such socket" };
  return { name, container, volumes, server: serverOf(world, node) };
}

function volumesOf(node: WorldNode): ObservedVolumes {
  const { data, current, runtime, fence, hold } = node;
  return {
    fileHashes: current === undefined ? {} : { ...node.releaseDirectories[current] },
    configurationChangedAt: node.changedAt,
    directories: [...node.besides, ...(data === undefined ? [] : ["data"])],
    freeBytes: 1e12,
    ...(current !== undefined && { release: current }),
    ...(runtime !== undefined && { runtime }),
    ...(fence !== undefined && { fence }),
    ...(hold !== undefined && { hold }),
    ...(data !== undefined && {
      data: {
        systemIdentifier: data.cluster,
        timeline: data.timeline,
        state: "in production",
        checksums: true,
        standbySignal: data.standbySignal,
        checkpointLsn: positionOf(data),
      },
    }),
  };
}

function serverOf(world: World, node: WorldNode): ObservedServer {
  const data = node.data!;
  const server = node.server!;
  const active = new Set(standbysOf(world, node).map(({ server }) => settingOf(server?.runtime, "primary_slot_name")));
  const running = String(server.maxConnections);
  const declared = String(world.releases[server.release]!.maxConnections);
  return {
    ...quietServer,
    inRecovery: server.inRecovery,
    systemIdentifier: data.cluster,
    timeline: data.timeline,
    flushLsn: positionOf(data),
    configurationLoadedAt: server.loadedAt,
    settings: {
      synchronous_standby_names: settingOf(server.runtime, "synchronous_standby_names"),
      max_connections: running,
    },
    pendingRestart: running === declared ? [] : [{ name: "max_connections", running, declared }],
    slots: Object.entries(data.slots).map(([name, { lost }]) => ({
      name,
      type: "physical",
      active: active.has(name),
      // Once invalidated a slot stays so; while a standby streams through it, PostgreSQL 17 says `unreserved`.
      walStatus: lost ? (active.has(name) ? "unreserved" : "lost") : "reserved",
      retainedBytes: 0,
    })),
    roles: data.roles,
    databases: data.databases.map((name) => ({ name, owner: name })),
  };
}

/** An LSN that grows with every row. */
function positionOf({ rows }: WorldData): string {
  const count = Object.values(rows).reduce((sum, each) => sum + each, 0);
  return `0/${(0x1000000 + count).toString(16).toUpperCase()}`;
}
