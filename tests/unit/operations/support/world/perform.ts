import { UserError } from "../../../../../configs/userError.ts";
import { type Desired, runtimeText } from "../../../../../operations/desired.ts";
import { ledBy } from "../../../../../operations/leader.ts";
import type { Step } from "../../../../../operations/step.ts";
import { StepFailed } from "../stepFailed.ts";
import {
  canLogIn,
  hasReplayed,
  holdsAll,
  notStreaming,
  receive,
  reloadServer,
  settle,
  standbysOf,
  startServer,
} from "./servers.ts";
import { copyData, isWritable, type World, type WorldData, type WorldNode } from "./world.ts";

/**
 * Carries a step out in the world, as operations/steps does on real nodes. Each `yield` is a moment at which it can be cut off, and
 * says what has just been done; whoever never resumes it leaves the node as it is then.
 */
export function* perform(world: World, desired: Desired, step: Step): Generator<string, void> {
  const node = world.nodes[step.node]!;
  switch (step.kind) {
    case "startContainer":
      node.container = "running";
      return;
    case "writeFiles":
      return yield* writeFiles(world, desired, node);
    case "initialise":
      return yield* initialise(world, desired, node);
    case "writeRuntime":
      return yield* writeRuntime(world, node, runtimeText(desired, node.name, step.synchronousStandbyNames));
    case "startServer":
      return start(world, node);
    case "restartServer":
      return yield* restart(world, node, world.nodes[step.primary]!, step.awaitReplay);
    case "configureRoles":
      return yield* configureRoles(desired, accepting(node));
    case "createSlot":
      running(node).slots[step.slot] ??= { lost: false };
      return;
    case "dropSlot":
      delete running(node).slots[step.slot];
      return;
    case "keepPrimary":
      accepting(node).standbySignal = false;
      return;
    case "switchOver":
      return yield* switchOver(world, ledBy(desired, step.to), node, world.nodes[step.to]!);
    case "promote":
      return yield* promote(world, desired, node, step.others);
    case "clone":
      return yield* clone(world, desired, node, world.nodes[step.from]!);
    case "rejoin":
      return yield* rejoin(world, desired, node, world.nodes[step.from]!);
    case "enableQuorum":
      if (standbysOf(world, node).length < desired.plan.synchronous!.number)
        throw new StepFailed("fewer standbys stream than the quorum needs");
      return yield* writeRuntime(world, node, runtimeText(desired, node.name, step.synchronousStandbyNames));
  }
}

function* writeFiles(world: World, { nodes }: Desired, node: WorldNode): Generator<string, void> {
  const { release, fileHashes } = nodes[node.name]!;
  const paths = Object.keys(fileHashes);
  node.releaseDirectories[release] ??= {};
  const directory = node.releaseDirectories[release];
  for (const some of [paths.slice(0, 1), paths.slice(1)]) {
    for (const path of some) directory[path] = fileHashes[path]!;
    node.changedAt = ++world.clock;
    yield "some files written";
  }
  node.current = release;
  node.changedAt = ++world.clock;
}

function* initialise(world: World, desired: Desired, node: WorldNode): Generator<string, void> {
  writeRuntimeFile(world, node, runtimeText(desired, node.name, ""));
  yield "runtime file written";
  node.besides.add("initdb");
  yield "initdb at work";
  if (node.data !== undefined || node.besides.has("data")) throw new StepFailed("there is a data directory");
  node.besides.delete("initdb");
  node.data = emptyCluster(world);
  yield "initdb's directory renamed";
  start(world, node);
}

function* writeRuntime(world: World, node: WorldNode, text: string): Generator<string, void> {
  writeRuntimeFile(world, node, text);
  yield "runtime file written";
  reloadServer(world, node);
}

function* configureRoles({ plan, passwords }: Desired, data: WorldData): Generator<string, void> {
  const role = (name: string, password: string, replication: boolean) => ({
    name,
    superuser: false,
    login: true,
    replication,
    password: `verifier of ${password}`,
  });
  const wanted = [
    role("replicator", passwords.replicator, true),
    role("monitor", passwords.monitor, false),
    role("rewind", passwords.rewind, false),
    role(plan.owner, passwords.owner, false),
  ];
  const names = new Set(wanted.map(({ name }) => name));
  data.roles = [...data.roles.filter(({ name }) => !names.has(name)), ...wanted];
  yield "roles committed";
  data.databases = [...new Set([...data.databases, plan.database])];
}

function* clone(world: World, desired: Desired, node: WorldNode, from: WorldNode): Generator<string, void> {
  node.hold = "being cloned";
  yield "held";
  node.server = undefined;
  yield "server stopped";
  const { slot } = desired.nodes[node.name]!.plan;
  node.besides.add("clone");
  const source = accepting(from);
  if (source.slots[slot]?.lost) {
    delete source.slots[slot];
    yield "lost slot dropped";
    source.slots[slot] = { lost: false };
    yield "slot created anew";
  }
  if (!canLogIn(world, node, from)) throw new StepFailed("pg_basebackup: password authentication failed");
  if (source.slots[slot] === undefined) throw new StepFailed(`pg_basebackup: slot ${slot} does not exist`);
  yield "base backup at work";
  const backup: WorldData = { ...copyData(accepting(from)), standbySignal: true, slots: {}, behind: false };
  yield "base backup complete";
  writeRuntimeFile(world, node, runtimeText(desired, node.name, desired.plan.synchronousStandbyNames));
  yield "runtime file written";
  node.besides.delete("data.replaced");
  if (node.data !== undefined || node.besides.has("data")) node.besides.add("data.replaced");
  node.data = undefined;
  node.besides.delete("data");
  yield "old data moved aside";
  node.besides.delete("clone");
  node.data = backup;
  yield "clone renamed";
  node.besides.delete("data.replaced");
  yield "old data removed";
  node.fence = undefined;
  yield "fence removed";
  node.hold = undefined;
  yield "released";
  start(world, node);
  awaitStreaming(world, node);
}

/** `next`: the cluster as it is to be, led by `to`. */
function* switchOver(world: World, next: Desired, from: WorldNode, to: WorldNode): Generator<string, void> {
  const others = next.plan.nodes.map(({ name }) => world.nodes[name]!).filter((node) => node !== from && node !== to);
  if (notStreaming(world, to) !== undefined) throw new StepFailed(`${to.name} does not stream`);
  for (const node of [...others, to]) {
    writeRuntimeFile(world, node, textOf(next, node));
    yield "runtime file prepared";
  }
  writeRuntimeFile(world, from, textOf(next, from));
  yield "its own runtime file written";
  accepting(from).standbySignal = true;
  yield "marked as a standby";
  from.server = undefined;
  yield "shut down";
  startServer(world, from);
  yield "a standby";
  yield* promote(world, next, to, [from.name]);
  for (const node of others) {
    reloadServer(world, node);
    yield "told to follow";
  }
  for (const node of [from, ...others]) awaitStreaming(world, node);
}

function* promote(world: World, desired: Desired, node: WorldNode, others: readonly string[]): Generator<string, void> {
  running(node);
  receive(world, node);
  for (const other of others) {
    if (!holdsAll(node.data!.rows, running(world.nodes[other]!).rows)) throw new UserError(`${other} has more`);
  }
  writeRuntimeFile(world, node, textOf(desired, node));
  yield "runtime file written";
  node.data!.standbySignal = false;
  node.data!.timeline += 1;
  node.data!.maxConnections = node.server!.maxConnections;
  node.server!.inRecovery = false;
  yield "promoted";
  reloadServer(world, node);
}

function textOf(desired: Desired, { name }: WorldNode): string {
  return runtimeText(desired, name, desired.plan.synchronousStandbyNames);
}

/** pg_rewind works in place: cut off, its data must not be used any more. */
function* rejoin(world: World, desired: Desired, node: WorldNode, from: WorldNode): Generator<string, void> {
  node.hold = "being rewound";
  yield "held";
  const rewound: WorldData = {
    ...copyData(accepting(from)),
    standbySignal: true,
    slots: node.data!.slots,
    behind: false,
  };
  Object.assign(node.data!, { rows: {}, behind: true }); // started, it would never stream
  yield "pg_rewind at work";
  node.data = rewound;
  writeRuntimeFile(world, node, textOf(desired, node));
  yield "rewound";
  node.fence = undefined;
  yield "fence removed";
  start(world, node);
  awaitStreaming(world, node);
}

function* restart(world: World, node: WorldNode, primary: WorldNode, awaitReplay: boolean): Generator<string, void> {
  if (awaitReplay && !hasReplayed(world, node, primary)) {
    throw new StepFailed(`${node.name} has not replayed what it should`);
  }
  node.server = undefined;
  yield "server stopped";
  start(world, node);
  if (node !== primary) awaitStreaming(world, node);
}

function awaitStreaming(world: World, node: WorldNode): void {
  settle(world);
  const reason = notStreaming(world, node);
  if (reason !== undefined) throw new StepFailed(`${node.name} does not stream: ${reason}`);
}

function start(world: World, node: WorldNode): void {
  node.hold = undefined;
  if (!startServer(world, node)) throw new StepFailed(`${node.name}: PostgreSQL did not start`);
}

function writeRuntimeFile(world: World, node: WorldNode, text: string): void {
  node.runtime = text;
  node.changedAt = ++world.clock;
}

/** The data of a server that answers. */
function running({ name, server, data }: WorldNode): WorldData {
  if (server === undefined || data === undefined) throw new StepFailed(`${name}: no server`);
  return data;
}

/** The data of a server that a step writes to. */
function accepting(node: WorldNode): WorldData {
  if (!isWritable(node)) throw new StepFailed(`${node.name} accepts no writes`);
  return node.data!;
}

function emptyCluster(world: World): WorldData {
  return {
    cluster: `made by initdb ${++world.clusters}`,
    timeline: 1,
    standbySignal: false,
    rows: {},
    roles: [],
    databases: ["postgres"],
    slots: {},
    maxConnections: 100,
    behind: false,
  };
}
