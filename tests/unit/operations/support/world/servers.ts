import { isWritable, settingOf, upstreamOf, votersOf, type World, type WorldNode } from "./world.ts";

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
  const loadedAt = ++world.clock;
  const inRecovery = data.standbySignal;
  node.server = { runtime, release: current!, files: { ...files }, loadedAt, maxConnections, inRecovery };
  return true;
}

export function reloadServer(world: World, node: WorldNode): void {
  if (node.server === undefined) return;
  const files = { ...node.releaseDirectories[node.current!] };
  Object.assign(node.server, { runtime: node.runtime, release: node.current, files, loadedAt: ++world.clock });
}

/** Why a node doesn't stream; undefined when it does, from a primary or from another standby. */
export function notStreaming(world: World, standby: WorldNode): string | undefined {
  const { server, data } = standby;
  if (server === undefined || data === undefined) return "no server";
  if (!server.inRecovery) return "is no standby";
  const upstream = upstreamOf(world, standby);
  if (upstream?.server === undefined || upstream === standby) return "its upstream is down";
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

/** That stream from this node. */
export function standbysOf(world: World, upstream: WorldNode): WorldNode[] {
  return Object.values(world.nodes).filter(
    (node) => notStreaming(world, node) === undefined && upstreamOf(world, node) === upstream,
  );
}

/** Are all rows of `some` among these? */
export function holdsAll(rows: Readonly<Record<string, number>>, some: Readonly<Record<string, number>>): boolean {
  return Object.entries(some).every(([origin, count]) => (rows[origin] ?? 0) >= count);
}

/** What is received is kept; with a lower max_connections than its primary's a standby pauses before it replays it. */
function replicate(world: World): void {
  for (const standby of Object.values(world.nodes)) if (!world.lagging.has(standby.name)) receive(world, standby);
}

/** Gets all that its upstream has, where it streams. */
export function receive(world: World, standby: WorldNode): void {
  if (notStreaming(world, standby) !== undefined) return;
  const { rows, roles, databases, timeline, maxConnections } = upstreamOf(world, standby)!.data!;
  Object.assign(standby.data!, { rows: { ...rows }, timeline });
  if (standby.server!.maxConnections < maxConnections) return;
  Object.assign(standby.data!, { roles, databases, maxConnections });
}

/** Has a standby replayed what its primary has? */
export function hasReplayed(world: World, standby: WorldNode, primary: WorldNode): boolean {
  receive(world, standby);
  return notStreaming(world, standby) === undefined && standby.data!.maxConnections === primary.data!.maxConnections;
}

/** A client commits a row; it is acknowledged once those have it that the commit waits for. */
function commitRow(world: World, node: WorldNode): void {
  if (!isWritable(node)) return;
  const { rows } = node.data!;
  rows[node.name] = (rows[node.name] ?? 0) + 1;
  replicate(world);
  const names = settingOf(node.server!.runtime, "synchronous_standby_names");
  const voters = standbysOf(world, node).filter(
    ({ name, data }) => names.includes(`"${name}"`) && data!.rows[node.name] === rows[node.name],
  );
  if (voters.length >= votersOf(names)) world.acknowledged[node.name] = rows[node.name]!;
}
