import type { ObservedRole } from "../../../../../operations/observed.ts";

/**
 * A small world of its own in which the planner's steps are carried out: what is really on the nodes, not what the planner
 * believes of it (predict.ts is not used here). It is changed in place; `copyWorld` keeps a state.
 */
export interface World {
  readonly nodes: Record<string, WorldNode>;
  /** What the declared files of a release mean to a server that reads them. */
  readonly releases: Readonly<Record<string, Release>>;
  /** Counts up with whatever happens: the time of files and of reloads. */
  clock: number;
  /** Names the next cluster that initdb makes. */
  clusters: number;
  /** Rows whose commit was acknowledged since the beginning, by the node that accepted them. */
  readonly acknowledged: Record<string, number>;
  /** Standbys that receive nothing until somebody waits for them. */
  readonly lagging: Set<string>;
  /** Do waiting nodes start their server by themselves, as the entrypoint does every few seconds, or only when woken? */
  readonly eager: boolean;
}

export interface Release {
  readonly files: Readonly<Record<string, string>>;
  /** The password that the passfile has for `replicator`. */
  readonly replicatorPassword: string;
  /** Takes effect at a restart. */
  readonly maxConnections: number;
}

export interface WorldNode {
  readonly name: string;
  container: "absent" | "stopped" | "running";
  /** Directories of declared files on the config volume: path → SHA-256. */
  readonly releaseDirectories: Record<string, Record<string, string>>;
  /** The release that `current` points to. */
  current?: string | undefined;
  runtime?: string | undefined;
  fence?: string | undefined;
  hold?: string | undefined;
  changedAt: number;
  data?: WorldData | undefined;
  /** Directories beside the data directory; `data` when there is one without a pg_control. */
  readonly besides: Set<string>;
  server?: WorldServer | undefined;
}

export interface WorldData {
  cluster: string;
  timeline: number;
  standbySignal: boolean;
  /** How many rows of each origin it holds: a row is named by the node (or foreign cluster) that accepted it and a number. */
  rows: Record<string, number>;
  roles: readonly ObservedRole[];
  databases: readonly string[];
  slots: Record<string, { lost: boolean }>;
  /** max_connections of the primary, as its WAL tells standbys. */
  maxConnections: number;
  /** Needs WAL that its primary has no more. */
  behind: boolean;
}

/** What a running server has read of the files on its node, and when. */
export interface WorldServer {
  runtime: string;
  release: string;
  files: Readonly<Record<string, string>>;
  loadedAt: number;
  /** In force since the start. */
  readonly maxConnections: number;
  /** A standby's: what it was at its start, and until it is promoted. */
  inRecovery: boolean;
}

/** Copies what steps change; by hand, because this is what the tests do most. */
export function copyWorld(world: World): World {
  const nodes = Object.entries(world.nodes).map(([name, node]) => [name, copyNode(node)]);
  return {
    ...world,
    nodes: Object.fromEntries(nodes),
    acknowledged: { ...world.acknowledged },
    lagging: new Set(world.lagging),
  };
}

function copyNode({ releaseDirectories, besides, data, server, ...node }: WorldNode): WorldNode {
  const directories = Object.entries(releaseDirectories).map(([release, files]) => [release, { ...files }]);
  return {
    ...node,
    releaseDirectories: Object.fromEntries(directories),
    besides: new Set(besides),
    ...(data && { data: copyData(data) }),
    ...(server && { server: { ...server } }),
  };
}

export function copyData(data: WorldData): WorldData {
  const slots = Object.entries(data.slots).map(([name, slot]) => [name, { ...slot }]);
  return { ...data, rows: { ...data.rows }, slots: Object.fromEntries(slots) };
}

/** Does its running server accept writes? */
export function isWritable({ server }: WorldNode): boolean {
  return server?.inRecovery === false;
}

/** The node that a standby's server follows, by what it has read. */
export function upstreamOf({ nodes }: World, { server }: WorldNode): WorldNode | undefined {
  const host = /\bhost=(\S+)/.exec(settingOf(server?.runtime, "primary_conninfo"))?.[1];
  return host === undefined ? undefined : nodes[host];
}

/** `setting = 'value'` in the text of a runtime file; "" where it is empty or missing. */
export function settingOf(runtime: string | undefined, setting: string): string {
  const value = new RegExp(`^${setting} = (.*)$`, "m").exec(runtime ?? "")?.[1] ?? "";
  return value.replace(/^'(.*)'$/, "$1").replaceAll("''", "'");
}

/** How many standbys a commit waits for with this value of synchronous_standby_names. */
export function votersOf(synchronousStandbyNames: string): number {
  return Number(/^(?:ANY|FIRST) (\d+)/.exec(synchronousStandbyNames)?.[1] ?? 0);
}
