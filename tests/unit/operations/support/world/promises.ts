import { type Desired, runtimeText } from "../../../../../operations/desired.ts";
import type { Step } from "../../../../../operations/step.ts";
import { holdsAll, notStreaming, standbysOf } from "./servers.ts";
import { copyWorld, isWritable, settingOf, upstreamOf, votersOf, type World, type WorldNode } from "./world.ts";

/** Notes what the steps of a run break; to be called after every moment of it. */
export function promiseWatch(desired: Desired, world: World) {
  const broken: string[] = [];
  let last = copyWorld(world);
  const watch = (step: Step, done: string) => {
    const found = [...brokenPromises(last, world), ...touchedTooEarly(desired, last, step)];
    broken.push(...found.map((promise) => `${step.kind} ${step.node}, ${done}: ${promise}`));
    last = copyWorld(world);
  };
  return { broken, watch };
}

/** What a step has broken between two moments; nothing when all promises are kept. */
function brokenPromises(before: World, after: World): string[] {
  const broken: string[] = [];
  if (!holdsAll(rowsAnywhere(after), rowsAnywhere(before))) {
    broken.push(`rows are nowhere any more: ${rows(before)} became ${rows(after)}`);
  }
  const writable = Object.values(after.nodes).filter(isWritable);
  if (writable.length > 1 && writable.length > Object.values(before.nodes).filter(isWritable).length) {
    broken.push(`${writable.map(({ name }) => name).join(" and ")} accept writes`);
  }
  for (const node of writable) {
    if (!holdsAll(node.data!.rows, after.acknowledged)) {
      broken.push(`${node.name} accepts writes without ${JSON.stringify(after.acknowledged)}`);
    }
    // In a moment of the old primary's, its voters may have gone over to the new one.
    if (!isWritable(before.nodes[node.name]!)) continue;
    const [had, has] = [votersWaitedFor(before.nodes[node.name]!), votersWaitedFor(node)];
    const streaming = standbysOf(after, node).length;
    if (has > had && streaming < has) broken.push(`commits wait for ${has} standbys, ${streaming} stream`);
  }
  for (const node of Object.values(after.nodes)) broken.push(...brokenOn(node, before));
  return broken;
}

/** Commits that wait for more standbys than the user wants are freed before a standby is waited for. */
function touchedTooEarly({ plan }: Desired, before: World, step: Step): string[] {
  const primary = Object.values(before.nodes).find(isWritable);
  const waitsFor = votersOf(settingOf(primary?.server?.runtime, "synchronous_standby_names"));
  if (step.node === primary?.name || step.kind === "writeFiles") return [];
  if (waitsFor <= votersOf(plan.synchronousStandbyNames)) return [];
  return [`commits wait for ${waitsFor} standbys, which nobody wants any more`];
}

function brokenOn(node: WorldNode, before: World): string[] {
  const old = before.nodes[node.name]!;
  const broken: string[] = [];
  if (node.server !== undefined && old.server === node.server && old.data?.cluster !== node.data?.cluster) {
    broken.push(`the data of ${node.name} was replaced under its running server`);
  }
  if (old.data === undefined && node.data?.cluster.startsWith("made by initdb") && !node.data.standbySignal) {
    const holders = Object.values(before.nodes).filter(({ data }) => data !== undefined);
    if (holders.length > 0) broken.push(`${node.name} was initialised though ${holders[0]!.name} holds data`);
  }
  return broken;
}

/** The stricter of what the running primary does and what it will do after its next start. */
function votersWaitedFor({ server, runtime }: WorldNode): number {
  const voters = (text: string | undefined) => votersOf(settingOf(text, "synchronous_standby_names"));
  return Math.max(voters(server?.runtime), voters(runtime));
}

/** Of each origin, the most rows that any data directory holds, also one that is stopped. */
function rowsAnywhere(world: World): Record<string, number> {
  const most: Record<string, number> = {};
  for (const { data } of Object.values(world.nodes)) {
    for (const [origin, count] of Object.entries(data?.rows ?? {})) most[origin] = Math.max(most[origin] ?? 0, count);
  }
  return most;
}

function rows(world: World): string {
  return JSON.stringify(rowsAnywhere(world));
}

/** What is not yet as the plan wants it, found out without the planner's own functions. */
export function differencesFromPlan(desired: Desired, world: World): string[] {
  const { plan, nodes, passwords } = desired;
  const planned = plan.nodes.map((each) => each.slot);
  return plan.nodes.flatMap(({ name, slot }) => {
    const node = world.nodes[name]!;
    const { server, data } = node;
    if (server === undefined || data === undefined) return [`${name}: no server`];
    const text = runtimeText(desired, name, plan.synchronousStandbyNames);
    const { fileHashes, release } = nodes[name]!;
    const wrong: [boolean, string][] = [
      [node.hold !== undefined, "held"],
      [node.runtime !== text, "runtime file"],
      [server.runtime !== text, "runtime settings in force"],
      [!hasFiles(node.releaseDirectories[node.current!]!, fileHashes), "declared files"],
      [!hasFiles(server.files, fileHashes), "declared settings in force"],
      [server.maxConnections !== world.releases[release]!.maxConnections, "waits for a restart"],
    ];
    if (name === plan.primary) {
      const { subscribers, ...own } = passwords;
      const expected = [...Object.values(own), ...Object.values(subscribers)].map(
        (password) => `verifier of ${password}`,
      );
      const found = data.roles.map(({ password }) => password);
      wrong.push(
        [server.inRecovery || data.standbySignal, "is a standby"],
        [!expected.every((verifier) => found.includes(verifier)), "roles"],
        [!data.databases.includes(plan.database), "database"],
      );
    } else {
      const reason = notStreaming(world, node);
      wrong.push(
        [reason !== undefined, `does not stream: ${reason}`],
        [upstreamOf(world, node)?.name !== plan.primary, "follows another"],
        [Object.keys(data.slots).some((each) => planned.includes(each)), `slots ${Object.keys(data.slots)}`],
        [world.nodes[plan.primary]!.data?.slots[slot]?.lost === true, "its slot is lost"],
      );
    }
    return wrong.flatMap(([isWrong, what]) => (isWrong ? [`${name}: ${what}`] : []));
  });
}

/** A file too many does no harm: nothing reads it. */
function hasFiles(found: Readonly<Record<string, string>>, declared: Readonly<Record<string, string>>): boolean {
  return Object.entries(declared).every(([path, hash]) => found[path] === hash);
}

/** Why nothing may be changed here: what the planner has to refuse, judged from the whole truth. */
export function unsafe({ plan }: Desired, world: World): string | undefined {
  const nodes = plan.nodes.map(({ name }) => world.nodes[name]!);
  if (nodes.some(({ container }) => container === "absent")) return "a container is gone";
  if (nodes.some(({ fence }) => fence !== undefined)) return "fenced";
  const writable = nodes.filter(({ server, data }) =>
    server === undefined ? data?.standbySignal === false : !server.inRecovery,
  );
  if (writable.length > 1) return "two primaries";
  const leader = writable[0] ?? world.nodes[plan.primary]!;
  const holders = nodes.filter((node) => node !== leader && node.data !== undefined);
  if (leader.data === undefined && holders.length > 0) return "the primary has no data, another node has";
  const without = nodes.filter(({ data }) => data === undefined).length;
  if (writable.length === 0 && without > 0 && without < nodes.length)
    return "nobody is a primary, and a node has no data";
  if (leader.data === undefined && leader.besides.has("data")) return "the primary's data is damaged";
  for (const { name, data } of holders) {
    if (data!.cluster !== leader.data!.cluster) return `${name} holds another cluster`;
    if (data!.timeline > leader.data!.timeline) return `${name} was a primary`;
    if (!holdsAll(leader.data!.rows, data!.rows)) return `${name} has rows that the primary has not`;
  }
  return undefined;
}
