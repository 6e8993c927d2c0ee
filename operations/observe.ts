import { randomBytes } from "node:crypto";
import type { ContainerInspectInfo } from "dockerode";
import type { Client } from "pg";
import { labels } from "../configs/labels.ts";
import type { ClusterPlan, NodePlan } from "../configs/plan.ts";
import type { Connections } from "./connections.ts";
import { ContainerNotRunning, containersOf, NodeContainer } from "./docker.ts";
import { observeLogical } from "./logical/observeLogical.ts";
import type { ObservedCluster, ObservedData, ObservedLeaver, ObservedNode, ObservedVolumes } from "./observed.ts";
import { observeServer } from "./observeServer.ts";
import { ServerUnavailable } from "./sql.ts";
import { ThrowAwayContainer } from "./throwAwayContainer.ts";

/** Looks at every node at once. Changes nothing; a node that can't be looked at is part of the result, not an error. */
export async function observe(plan: ClusterPlan, connections: Connections): Promise<ObservedCluster> {
  const logicalDatabase = plan.logical === undefined ? undefined : plan.database;
  const looks = plan.nodes.map((node) => observeNode(node, connections, logicalDatabase));
  const [leavers, ...nodes] = await Promise.all([observeLeavers(plan), ...looks]);
  return { nodes, ...(leavers.length > 0 && { leavers }) };
}

async function observeLeavers(plan: ClusterPlan): Promise<ObservedLeaver[]> {
  const planned = new Set(plan.nodes.map(({ name }) => name));
  const containers = await containersOf(plan.stack);
  return containers.filter(({ name }) => !planned.has(name));
}

/** With `logicalDatabase`, what logical replication has in that database is looked at as well. */
export async function observeNode(
  node: Pick<NodePlan, "name" | "container">,
  connections: Connections,
  logicalDatabase?: string,
): Promise<ObservedNode> {
  const container = new NodeContainer(node.container);
  const info = await container.inspect();
  if (info === undefined) return { name: node.name, container: "absent" };
  const binding = info.HostConfig.PortBindings?.["5432/tcp"]?.[0] as { HostIp: string; HostPort: string } | undefined;
  const common = {
    name: node.name,
    imageId: info.Image,
    ...(binding === undefined ? {} : { published: `${binding.HostIp}:${binding.HostPort}` }),
  };
  const state = NodeContainer.stateOf(info);
  if (state !== "running") return { ...common, container: state, volumes: await observeVolumesOfStopped(info) };
  try {
    const [volumes, server] = await Promise.all([
      observeVolumes(container),
      observeServerOf(container, connections, logicalDatabase),
    ]);
    return { ...common, container: "running", volumes, ...server };
  } catch (error) {
    // It ran a moment ago. As far as anybody can tell it is coming and going.
    if (!(error instanceof ContainerNotRunning)) throw error;
    return { ...common, container: "restarting", volumes: await observeVolumesOfStopped(info) };
  }
}

async function observeServerOf(
  container: NodeContainer,
  connections: Connections,
  logicalDatabase: string | undefined,
): Promise<Pick<ObservedNode, "server" | "serverError">> {
  let client: Client;
  try {
    client = await connections.take(container);
  } catch (error) {
    if (error instanceof ServerUnavailable) return { serverError: error.message };
    throw error;
  }
  try {
    const server = await observeServer(client);
    if (logicalDatabase === undefined || server.databases.every(({ name }) => name !== logicalDatabase))
      return { server };
    return { server: { ...server, logical: await connections.use(container, observeLogical, logicalDatabase) } };
  } finally {
    connections.giveBack(container, client);
  }
}

async function observeVolumes(container: NodeContainer): Promise<ObservedVolumes> {
  return parseNodeState(await container.run(["node-state"]));
}

/** Nothing can be run in it; another container looks at what it has. */
async function observeVolumesOfStopped({ Name, Image, Config }: ContainerInspectInfo): Promise<ObservedVolumes> {
  const stopped = Name.replace(/^\//, "");
  const purpose = `look-${Config.Labels[labels.node]}-${randomBytes(4).toString("hex")}`;
  const errand = { stack: Config.Labels[labels.stack] ?? "", purpose, image: Image, volumesOf: stopped };
  await using look = await ThrowAwayContainer.start(errand);
  return await observeVolumes(look.container);
}

/** Reads what the image's `node-state` prints: one `key<TAB>value` a line. */
export function parseNodeState(text: string): ObservedVolumes {
  const values = new Map<string, string>();
  const directories: string[] = [];
  const fileHashes: Record<string, string> = {};
  for (const line of text.split("\n").filter((line) => line !== "")) {
    const [key = "", value = ""] = line.split("\t");
    if (key === "directory") directories.push(value);
    else if (key.startsWith("file:")) fileHashes[key.slice("file:".length)] = value;
    else values.set(key, value);
  }
  const runtime = values.get("runtime");
  const optional = {
    release: values.get("release"),
    fence: values.get("fence"),
    hold: values.get("hold"),
    runtime: runtime === undefined ? undefined : Buffer.from(runtime, "base64").toString(),
    data: parseControlData(values),
    baseBackup: parseBaseBackup(values.get("base-backup")),
    initialisedAt: values.get("initialised"),
  };
  return {
    fileHashes,
    directories,
    configurationChangedAt: Number(values.get("changed") ?? 0),
    freeBytes: Number(values.get("free")),
    ...(Object.fromEntries(
      Object.entries(optional).filter(([, value]) => value !== undefined),
    ) as Partial<ObservedVolumes>),
  };
}

function parseControlData(values: ReadonlyMap<string, string>): ObservedData | undefined {
  const control = (label: string) => values.get(`control:${label}`);
  const systemIdentifier = control("Database system identifier");
  if (systemIdentifier === undefined) return undefined;
  return {
    systemIdentifier,
    timeline: Number(control("Latest checkpoint's TimeLineID")),
    state: control("Database cluster state") ?? "unknown",
    checksums: control("Data page checksum version") !== "0",
    standbySignal: values.has("standby.signal"),
    checkpointLsn: control("Latest checkpoint location") ?? "0/0",
  };
}

function parseBaseBackup(text: string | undefined): ObservedVolumes["baseBackup"] {
  const [takenAt, bytes] = (text ?? "").split(" ");
  return takenAt && bytes ? { takenAt, bytes: Number(bytes) } : undefined;
}
