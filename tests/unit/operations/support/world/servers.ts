import { isWritable, settingOf, votersOf, type World, type WorldNode } from "./world.ts";

/** What the containers do by themselves: start what can start (if they are eager), stream, and let clients commit. */
export function settle(world: World): void {
  if (world.eager) for (const node of Object.values(world.nodes)) startServer(world, node);
  replicate(world);
  for (const node of Object.values(world.nodes)) commitRow(world, node);
  replicate(world);
}

/** The entrypoint's conditions, then postgres's own. Returns whether a server runs. */
export function startServer(world: World, node: WorldNode): boolean {
  if (node.server !== undefined) return true;
  const { data, runtime, current } = node;
  const files = current === undefined ? undefined : node.releaseDirectories[current];
  if (node.container !== "running" || node.fence !== undefined || node.hold !== undefined) return false;
  if (files?.["postgresql.conf"] === undefined || runtime === undefined || data === undefined) return false;
  if (settingOf(runtime, "primary_conninfo") !== "" && !data.standbySignal) return false;
  const declared = world.releases[current!]!.maxConnections;
  // A standby would not start with less than its primary had when it last replayed: the entrypoint sees to that.
  const maxConnections = data.standbySignal ? Math.max(declared, data.maxConnections) : declared;
  if (!data.standbySignal) data.maxConnections = declared;
  node.server = { runtime, release: current!, files: { ...files }, loadedAt: ++world.clock, maxConnections };
  return true;
}

export function reloadServer(world: World, node: WorldNode): void {
  if (node.server === undefined) return;
  const files = { ...node.releaseDirectories[node.current!] };
  Object.assign(node.server, { runtime: node.runtime, release: node.current, files, loadedAt: ++world.clock });
}

/** Why a node doesn't stream; undefined when it does. */
export function notStreaming(world: World, standby: WorldNode): string | undefined {
  const { server, data } = standby;
  if (server === undefined || data === undefined) return "no server";
  if (!data.standbySignal) return "is no standby";
  const upstream = world.nodes[/\bhost=(\S+)/.exec(settingOf(server.runtime, "primary_conninfo"))?.[1] ?? ""];
  if (upstream === undefined || !isWritable(upstream)) return "its upstream is down";
  const source = upstream.data!;
  if (source.cluster !== data.cluster) return "another cluster";
  if (data.timeline > source.timeline || !holdsAll(source.rows, data.rows)) return "its history has diverged";
  if (data.behind) return "requested WAL segment has already been removed";
  if (source.slots[settingOf(server.runtime, "primary_slot_name")] === undefined) return "its slot does not exist";
  if (!canLogIn(world, standby, upstream)) return "password authentication failed";
  return undefined;
}

/** The passfile is read when a connection is made: the one that is there now. */
export function canLogIn(world: World, standby: WorldNode, upstream: WorldNode): boolean {
  const password = world.releases[standby.current ?? ""]?.replicatorPassword;
  const role = upstream.data!.roles.find(({ name }) => name === "replicator");
  return role?.login === true && role.replication && role.password === `verifier of ${password}`;
}

export function streamingStandbys(world: World): WorldNode[] {
  return Object.values(world.nodes).filter((node) => notStreaming(world, node) === undefined);
}

/** Are all rows of `some` among these? */
export function holdsAll(rows: Readonly<Record<string, number>>, some: Readonly<Record<string, number>>): boolean {
  return Object.entries(some).every(([origin, count]) => (rows[origin] ?? 0) >= count);
}

/** What is received is kept; with a lower max_connections than its primary's a standby pauses before it replays it. */
function replicate(world: World): void {
  for (const standby of streamingStandbys(world)) {
    const upstream = /\bhost=(\S+)/.exec(settingOf(standby.server!.runtime, "primary_conninfo"))![1]!;
    const { rows, roles, databases, timeline, maxConnections } = world.nodes[upstream]!.data!;
    Object.assign(standby.data!, { rows: { ...rows }, timeline });
    if (standby.server!.maxConnections < maxConnections) continue;
    Object.assign(standby.data!, { roles, databases, maxConnections });
  }
}

/** Has a standby replayed what its primary has? */
export function hasReplayed(world: World, standby: WorldNode, primary: WorldNode): boolean {
  replicate(world);
  return notStreaming(world, standby) === undefined && standby.data!.maxConnections === primary.data!.maxConnections;
}

/** A client commits a row wherever that is acknowledged. */
function commitRow(world: World, node: WorldNode): void {
  if (!isWritable(node)) return;
  const names = settingOf(node.server!.runtime, "synchronous_standby_names");
  const voters = streamingStandbys(world).filter(({ name }) => names.includes(`"${name}"`)).length;
  if (voters < votersOf(names)) return;
  const { rows } = node.data!;
  rows[node.name] = (rows[node.name] ?? 0) + 1;
}
