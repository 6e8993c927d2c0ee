import fc from "fast-check";
import { type Desired, runtimeText } from "../../../../operations/desired.ts";
import { type ClusterDeclaration, desiredOf } from "./desired.ts";
import * as build from "./world/build.ts";
import { settle, startServer } from "./world/servers.ts";
import { settingOf, type World, type WorldData, type WorldNode } from "./world/world.ts";

/** A stack config before and after an edit. */
interface Edit {
  readonly before: Desired;
  readonly now: Desired;
}

const oneOf = fc.constantFrom;
const often = <const T>(usual: T, ...rare: T[]) =>
  fc.oneof(
    { arbitrary: fc.constant(usual), weight: 5 * rare.length },
    { arbitrary: oneOf(...rare), weight: rare.length },
  );

const nodeNames = ["pg-1", "pg-2", "pg-3", "a", "east-10"];

const edit: fc.Arbitrary<Edit> = fc
  .integer({ min: 1, max: 5 })
  .chain((count) => {
    const modes = count < 3 ? (["async"] as const) : (["async", "quorum"] as const);
    const declaration: fc.Arbitrary<ClusterDeclaration> = fc.record({
      mode: oneOf(...modes),
      method: oneOf("any", "first"),
      number: fc.integer({ min: 1, max: Math.max(1, count - 2) }),
      parameters: fc.record({ work_mem: oneOf("4MB", "8MB"), max_connections: oneOf("50", "100", "200") }),
      passwords: often("first", "second"),
    });
    return fc.record({
      nodes: fc.shuffledSubarray(nodeNames, { minLength: count, maxLength: count }),
      primary: fc.nat(count - 1),
      formerPrimary: fc.option(fc.nat(count - 1), { freq: 2 }),
      before: declaration,
      now: declaration,
      same: fc.boolean(),
    });
  })
  .map(({ nodes, primary, formerPrimary, before, now, same }) => ({
    before: desiredOf({ ...(same ? now : before), nodes, primary: nodes[formerPrimary ?? primary]! }),
    now: desiredOf({ ...now, nodes, primary: nodes[primary]! }),
  }));

const files = often("now" as const, "before", "none", "tampered", "stray file");
const runtime = often("now" as const, "before", "none");
/** Of a node's own role: what such a node usually holds, or something that should not be there. */
const data = often(
  "fits" as const,
  "none",
  "promoted",
  "older",
  "foreign",
  "foreign standby",
  "other timeline",
  "damaged",
);

const nodeState = fc.record({
  container: fc.oneof(
    { arbitrary: fc.constant("running" as const), weight: 40 },
    { arbitrary: fc.constant("stopped" as const), weight: 4 },
    { arbitrary: fc.constant("absent" as const), weight: 1 },
  ),
  files,
  runtime,
  synchronous: fc.boolean(),
  data,
  server: often(true, false),
  /** What the server has read, when that is not what lies there now. */
  loaded: often("now" as const, "before"),
  loadedSynchronous: fc.boolean(),
  slot: often("present" as const, "lost", "missing"),
  leftovers: fc.subarray(["clone", "initdb", "data-kept-aside"], { maxLength: 2 }),
  held: often(false, true),
  fenced: fc.oneof({ arbitrary: fc.constant(false), weight: 60 }, { arbitrary: fc.constant(true), weight: 1 }),
});
type NodeState = typeof nodeState extends fc.Arbitrary<infer T> ? T : never;

/** A stack config that was edited (or not), and any mixture of what an earlier run and other hands may have left on its nodes. */
export const start: fc.Arbitrary<{ desired: Desired; world: World }> = fc
  .record({
    edit,
    states: fc.array(nodeState, { minLength: 5, maxLength: 5 }),
    cluster: oneOf("populated", "populated", "populated", "fresh"),
    roles: often("right" as const, "missing", "wrong password"),
    unknownSlot: fc.boolean(),
    eager: fc.boolean(),
  })
  .map(({ edit: { before, now }, states, cluster, roles, unknownSlot, eager }) => {
    const world = build.emptyWorld(now, { eager, others: [before] });
    const primary = build.dataOf(before, before.plan.primary);
    if (roles === "missing") primary.roles = primary.roles.slice(1);
    if (roles === "wrong password")
      primary.roles = primary.roles.map((role, index) => (index === 0 ? { ...role, password: "verifier of x" } : role));
    if (unknownSlot) primary.slots.someone_elses = { lost: false };
    const formerState = states[Object.keys(world.nodes).indexOf(before.plan.primary)]!;
    const stays = before.plan.primary === now.plan.primary && ["fits", "older"].includes(formerState.data);
    for (const [index, node] of Object.values(world.nodes).entries()) {
      const state = stays ? states[index]! : withoutLostSlot(states[index]!);
      putFiles(world, node, state, { before, now });
      if (cluster === "populated") putData(node, state, before, primary);
    }
    for (const [index, node] of Object.values(world.nodes).entries()) {
      bringUp(world, node, states[index]!, { before, now });
    }
    settle(world);
    const description = {
      plan: now.plan.synchronousStandbyNames,
      primary: now.plan.primary,
      formerPrimary: before.plan.primary,
      cluster,
      roles,
      eager,
      states,
    };
    return { desired: now, world, [fc.toStringMethod]: () => fc.stringify(description) };
  });

/** A standby that needs WAL which its primary has no more is cloned before that primary is followed by another. */
function withoutLostSlot(state: NodeState): NodeState {
  return state.slot === "lost" ? { ...state, slot: "missing" } : state;
}

function putFiles(world: World, node: WorldNode, state: NodeState, { before, now }: Edit): void {
  if (state.files !== "none") build.declare(world, node, state.files === "before" ? before : now);
  if (state.files === "tampered") build.tamper(world, node, "pg_hba.conf");
  if (state.files === "stray file") build.tamper(world, node, "stray.conf");
  if (state.runtime !== "none") {
    build.setRuntime(world, node, runtimeOf(state.runtime, state.synchronous, node, { before, now }));
  }
  for (const directory of state.leftovers) node.besides.add(directory);
  if (state.held) node.hold = "being cloned";
  if (state.fenced) node.fence = "by hand";
}

function runtimeOf(of: keyof Edit, synchronous: boolean, { name }: WorldNode, edit: Edit): string {
  const desired = edit[of];
  return runtimeText(desired, name, synchronous ? desired.plan.synchronousStandbyNames : "");
}

function putData(node: WorldNode, { data, slot }: NodeState, desired: Desired, primary: WorldData): void {
  if (data === "none") return;
  if (data === "damaged") {
    node.besides.add("data");
    return;
  }
  if (data === "foreign" || data === "foreign standby") {
    node.data = { ...build.foreignData(), standbySignal: data === "foreign standby" };
    return;
  }
  if (node.name === desired.plan.primary) {
    node.data = primary;
    if (data === "older") primary.rows = { ...primary.rows, [node.name]: 1 };
    else if (data !== "fits") primary.standbySignal = true;
    return;
  }
  node.data = { ...build.standbyOf(primary), rows: { [desired.plan.primary]: data === "older" ? 1 : 1000 } };
  if (data === "promoted" || data === "other timeline") build.promote(node);
  if (data === "other timeline") node.data.standbySignal = true;
  const name = desired.nodes[node.name]!.plan.slot;
  if (slot === "missing") delete primary.slots[name];
  if (slot === "lost") primary.slots[name] = { lost: true };
  node.data.behind = slot === "lost";
}

function bringUp(world: World, node: WorldNode, state: NodeState, edit: Edit): void {
  if (state.container !== "running") {
    node.container = state.container;
    return;
  }
  if (!state.server || !startServer(world, node) || state.loaded === "now") return;
  const { release, fileHashes } = edit.before.nodes[node.name]!;
  const text = runtimeOf("before", state.loadedSynchronous, node, edit);
  const sameRole = settingOf(text, "primary_conninfo") === settingOf(node.runtime, "primary_conninfo");
  if (!sameRole) return;
  Object.assign(node.server!, {
    runtime: text,
    release,
    files: fileHashes,
    maxConnections: world.releases[release]!.maxConnections,
    loadedAt: 0,
  });
}
