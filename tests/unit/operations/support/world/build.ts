import { type Desired, runtimeText } from "../../../../../operations/desired.ts";
import { wantedRoles } from "../../../../../operations/roles.ts";
import { reloadServer, settle, startServer } from "./servers.ts";
import { copyData, type Release, type World, type WorldData, type WorldNode } from "./world.ts";

export interface WorldOptions {
  readonly eager?: boolean;
  /** Other desired states whose files may lie around on the nodes. */
  readonly others?: readonly Desired[];
}

/** Fresh containers on fresh volumes. */
export function emptyWorld(desired: Desired, { eager = false, others = [] }: WorldOptions = {}): World {
  const releases = [desired, ...others].flatMap((each) =>
    Object.values(each.nodes).map(({ release, fileHashes, files }): [string, Release] => [
      release,
      {
        files: fileHashes,
        replicatorPassword: each.passwords.replicator,
        maxConnections: Number(/^max_connections = (\d+)$/m.exec(files["postgresql.conf"]!)?.[1] ?? 100),
      },
    ]),
  );
  const nodes = desired.plan.nodes.map(({ name }): [string, WorldNode] => [
    name,
    { name, container: "running", releaseDirectories: {}, changedAt: 0, besides: new Set() },
  ]);
  return {
    nodes: Object.fromEntries(nodes),
    releases: Object.fromEntries(releases),
    clock: 0,
    clusters: 0,
    acknowledged: {},
    lagging: new Set(),
    eager,
  };
}

/** A cluster that is just as `desired` wants it, with a few rows in it; nodes of `desired` that `without` names are still empty. */
export function runningWorld(desired: Desired, options: WorldOptions & { without?: readonly string[] } = {}): World {
  const world = emptyWorld(desired, options);
  const primary = dataOf(desired, desired.plan.primary);
  for (const { name } of desired.plan.nodes) {
    if (options.without?.includes(name)) continue;
    const node = world.nodes[name]!;
    declare(world, node, desired);
    setRuntime(world, node, runtimeText(desired, name, desired.plan.synchronousStandbyNames));
    node.data = name === desired.plan.primary ? primary : standbyOf(primary);
    startServer(world, node);
  }
  settle(world);
  return world;
}

/** Puts the declared files of `desired` on a node; its server has not read them. */
export function declare(world: World, node: WorldNode, desired: Desired): void {
  const { release, fileHashes } = desired.nodes[node.name]!;
  node.releaseDirectories[release] = { ...fileHashes };
  node.current = release;
  node.changedAt = ++world.clock;
}

export function setRuntime(world: World, node: WorldNode, text: string | undefined): void {
  node.runtime = text;
  node.changedAt = ++world.clock;
}

/** Overwrites a declared file on the node by hand. */
export function tamper(world: World, node: WorldNode, path: string, options: { reload?: boolean } = {}): void {
  node.releaseDirectories[node.current!]![path] = "changed by hand";
  node.changedAt = ++world.clock;
  if (options.reload) reloadServer(world, node);
}

export function promote(node: WorldNode): void {
  node.data!.standbySignal = false;
  if (node.server !== undefined) node.server.inRecovery = false;
  node.data!.timeline += 1;
  node.data!.rows[node.name] = 1;
}

/** The primary has removed WAL that this standby needs. */
export function loseSlot(world: World, desired: Desired, standby: string): void {
  const node = world.nodes[standby]!;
  if (node.data !== undefined) node.data.behind = true;
  world.nodes[desired.plan.primary]!.data!.slots[desired.nodes[standby]!.plan.slot] = { lost: true };
}

export function stop(node: WorldNode): void {
  node.container = "stopped";
  node.server = undefined;
}

/** The primary's data of a cluster that is as desired. */
export function dataOf(desired: Desired, primary: string): WorldData {
  const { plan } = desired;
  return {
    cluster: "7000000000000000001",
    timeline: 1,
    standbySignal: false,
    rows: { [primary]: 1000 },
    roles: wantedRoles(desired, desired.plan.primary).map(({ name, password, replication }) => ({
      name,
      superuser: false,
      login: true,
      replication,
      password: `verifier of ${password}`,
    })),
    databases: ["postgres", plan.database],
    slots: Object.fromEntries(
      plan.nodes.filter(({ name }) => name !== primary).map(({ slot }) => [slot, { lost: false }]),
    ),
    maxConnections: 100,
    behind: false,
  };
}

export function standbyOf(primary: WorldData): WorldData {
  return { ...copyData(primary), standbySignal: true, slots: {} };
}

export function foreignData(): WorldData {
  return {
    cluster: "666",
    timeline: 1,
    standbySignal: false,
    rows: { elsewhere: 5 },
    roles: [],
    databases: ["postgres"],
    slots: {},
    maxConnections: 100,
    behind: false,
  };
}
