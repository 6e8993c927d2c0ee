import type { Desired } from "../../../../operations/desired.ts";
import { runtimeText } from "../../../../operations/desired.ts";
import { type ClusterDeclaration, desiredOf } from "./desired.ts";
import * as build from "./world/build.ts";
import { startServer } from "./world/servers.ts";
import type { World } from "./world/world.ts";

/** A starting state with a name, and what `up` makes of it. */
export interface Scenario {
  readonly name: string;
  /** The stack config; by default a quorum of pg-1 (primary), pg-2 and pg-3. */
  readonly now?: ClusterDeclaration;
  /** The stack config that the running cluster was made from, where that is another one; "nothing" on fresh volumes. */
  readonly before?: ClusterDeclaration | "nothing";
  /** What has happened to it since. */
  readonly since?: (world: World, now: Desired) => void;
  /** The stages of each round, a line a stage; or, of what is refused, words of the reason. */
  readonly up: readonly (readonly string[])[] | RegExp;
}

const fresh = [
  "writeFiles pg-1, writeFiles pg-2, writeFiles pg-3",
  "initialise pg-1",
  "configureRoles pg-1, createSlot pg_2 on pg-1, createSlot pg_3 on pg-1",
  "clone pg-2 from pg-1, clone pg-3 from pg-1",
];
const reloaded = [
  "writeFiles pg-1, writeFiles pg-2, writeFiles pg-3",
  "writeRuntime pg-1",
  "writeRuntime pg-2, writeRuntime pg-3",
];

export const scenarios: readonly Scenario[] = [
  { name: "fresh machine, async", now: { mode: "async" }, before: "nothing", up: [fresh] },
  { name: "fresh machine, quorum", before: "nothing", up: [[...fresh, "enableQuorum pg-1"]] },
  {
    name: "fresh machine, one node",
    now: { mode: "async", nodes: ["pg-1"] },
    before: "nothing",
    up: [["writeFiles pg-1", "initialise pg-1", "configureRoles pg-1"]],
  },
  { name: "second run", up: [] },

  // Cut off
  {
    name: "killed in initdb",
    before: "nothing",
    since: (world, now) => {
      for (const node of Object.values(world.nodes)) build.declare(world, node, now);
      world.nodes["pg-1"]!.besides.add("initdb");
    },
    up: [[...fresh.slice(1), "enableQuorum pg-1"]],
  },
  {
    name: "killed right after initdb",
    before: "nothing",
    since: (world, now) => {
      for (const node of Object.values(world.nodes)) build.declare(world, node, now);
      world.nodes["pg-1"]!.data = { ...build.dataOf(now, "pg-1"), roles: [], databases: ["postgres"], slots: {} };
    },
    up: [
      ["writeRuntime pg-1 without quorum", "startServer pg-1"],
      [...fresh.slice(2), "enableQuorum pg-1"],
    ],
  },
  {
    name: "killed in a clone",
    since: (world) => {
      const node = world.nodes["pg-3"]!;
      Object.assign(node, { data: undefined, server: undefined, hold: "being cloned" });
      node.besides.add("clone");
    },
    up: [["clone pg-3 from pg-1"]],
  },
  {
    name: "killed after the quorum was written and before it was loaded",
    before: { mode: "async" },
    since: (world, now) => {
      for (const node of Object.values(world.nodes)) {
        build.declare(world, node, now);
        build.setRuntime(world, node, runtimeText(now, node.name, now.plan.synchronousStandbyNames));
      }
    },
    up: [["writeRuntime pg-1", "writeRuntime pg-2, writeRuntime pg-3"]],
  },

  // Edits of the stack config
  { name: "edited work_mem", before: { parameters: { work_mem: "4MB" } }, up: [reloaded] },
  { name: "renewed certificates", before: { certificate: "an older one" }, up: [reloaded] },
  {
    name: "raised max_connections: the standbys first",
    now: { parameters: { max_connections: "200" } },
    before: { parameters: { max_connections: "100" } },
    up: [reloaded, ["restartServer pg-2", "restartServer pg-3", "restartServer pg-1"]],
  },
  {
    name: "lowered max_connections",
    now: { parameters: { max_connections: "50" } },
    before: { parameters: { max_connections: "100" } },
    up: [reloaded, ["restartServer pg-1", "restartServer pg-2", "restartServer pg-3"]],
  },
  {
    name: "async to quorum: last of all",
    before: { mode: "async" },
    up: [["writeRuntime pg-2, writeRuntime pg-3", "enableQuorum pg-1"]],
  },
  {
    name: "quorum to async",
    now: { mode: "async" },
    before: { mode: "quorum" },
    up: [["writeRuntime pg-1 without quorum", "writeRuntime pg-2, writeRuntime pg-3"]],
  },
  {
    name: "quorum to async while the standbys are dead: commits are freed first",
    now: { mode: "async" },
    before: { mode: "quorum" },
    since: (world) => {
      for (const name of ["pg-2", "pg-3"]) world.nodes[name]!.server = undefined;
    },
    up: [
      [
        "writeRuntime pg-1 without quorum",
        "writeRuntime pg-2, writeRuntime pg-3",
        "startServer pg-2, startServer pg-3",
      ],
    ],
  },
  {
    name: "quorum of one to a quorum of two",
    now: { nodes: ["pg-1", "pg-2", "pg-3", "pg-4"], number: 2 },
    before: { nodes: ["pg-1", "pg-2", "pg-3", "pg-4"], number: 1 },
    up: [["writeRuntime pg-2, writeRuntime pg-3, writeRuntime pg-4", "enableQuorum pg-1"]],
  },
  {
    name: "a node more",
    now: { mode: "async", nodes: ["pg-1", "pg-2", "pg-3"] },
    before: { mode: "async", nodes: ["pg-1", "pg-2"] },
    up: [["writeFiles pg-3", "createSlot pg_3 on pg-1", "clone pg-3 from pg-1"]],
  },
  {
    name: "another primary",
    now: { primary: "pg-2" },
    before: { primary: "pg-1" },
    up: /set `postgres-cluster:primary` to pg-1/,
  },

  // Drift
  {
    name: "a file changed by hand, and loaded",
    since: (world) => build.tamper(world, world.nodes["pg-2"]!, "pg_hba.conf", { reload: true }),
    up: [["writeFiles pg-2", "writeRuntime pg-2"]],
  },
  {
    name: "a file too many",
    since: (world) => build.tamper(world, world.nodes["pg-2"]!, "extra.conf"),
    up: [["writeFiles pg-2", "writeRuntime pg-2"]],
  },
  {
    name: "lost slot",
    since: (world, now) => build.loseSlot(world, now, "pg-2"),
    up: [["clone pg-2 from pg-1"]],
  },
  {
    name: "dropped slot",
    since: (world) => {
      delete world.nodes["pg-1"]!.data!.slots.pg_3;
    },
    up: [["createSlot pg_3 on pg-1"]],
  },
  {
    name: "a slot that nobody knows",
    since: (world) => {
      world.nodes["pg-1"]!.data!.slots.mine = { lost: false };
    },
    up: [],
  },
  {
    name: "the server of the primary is down",
    since: (world) => {
      world.nodes["pg-1"]!.server = undefined;
    },
    up: [["startServer pg-1"]],
  },
  {
    name: "the server of a standby is down",
    since: (world) => {
      world.nodes["pg-3"]!.server = undefined;
    },
    up: [["startServer pg-3"]],
  },
  {
    name: "a stopped standby: started, and looked at again",
    since: (world) => build.stop(world.nodes["pg-3"]!),
    up: [["startContainer pg-3"], ["startServer pg-3"]],
  },
  {
    name: "everything stopped",
    since: (world) => Object.values(world.nodes).forEach(build.stop),
    up: [
      ["startContainer pg-1, startContainer pg-2, startContainer pg-3"],
      ["startServer pg-1"],
      ["startServer pg-2, startServer pg-3"],
    ],
  },

  // Volumes that come and go
  {
    name: "volumes adopted by a new stack: other passwords, no configuration",
    since: (world, now) => {
      for (const node of Object.values(world.nodes)) {
        Object.assign(node, { server: undefined, current: undefined, runtime: undefined, releaseDirectories: {} });
        build.declare(world, node, now);
      }
    },
    now: { passwords: "new" },
    before: { passwords: "old" },
    up: [
      ["writeRuntime pg-1 without quorum", "startServer pg-1"],
      [
        "configureRoles pg-1",
        "writeRuntime pg-2, writeRuntime pg-3",
        "startServer pg-2, startServer pg-3",
        "enableQuorum pg-1",
      ],
    ],
  },
  {
    name: "a standby's volume gone",
    since: (world) => Object.assign(world.nodes["pg-2"]!, { data: undefined, server: undefined }),
    up: [["clone pg-2 from pg-1"]],
  },
  {
    name: "the primary's volume gone",
    since: (world) => Object.assign(world.nodes["pg-1"]!, { data: undefined, server: undefined }),
    up: /pg-1 has no data, but pg-2, pg-3/,
  },
  {
    name: "the primary's data damaged, and no other",
    before: "nothing",
    since: (world) => world.nodes["pg-1"]!.besides.add("data"),
    up: /pg-1/,
  },
  {
    name: "the volume of another cluster on a standby",
    since: (world) =>
      Object.assign(world.nodes["pg-3"]!, { data: { ...build.foreignData(), standbySignal: true }, server: undefined }),
    up: /pg-3 belongs to another cluster/,
  },

  // Two histories
  {
    name: "a standby promoted by hand",
    since: (world) => build.promote(world.nodes["pg-2"]!),
    up: /pg-2 was promoted outside of this stack/,
  },
  {
    name: "a standby promoted by hand in place of the dead primary",
    since: (world) => {
      build.promote(world.nodes["pg-2"]!);
      build.stop(world.nodes["pg-1"]!);
    },
    up: /pg-2 was promoted outside of this stack/,
  },
  {
    name: "a standby promoted by hand, and stopped again",
    since: (world) => {
      build.promote(world.nodes["pg-2"]!);
      build.stop(world.nodes["pg-2"]!);
    },
    up: /pg-2 was promoted outside of this stack/,
  },
  {
    name: "a standby that was a primary for a while",
    since: (world) => {
      build.promote(world.nodes["pg-2"]!);
      world.nodes["pg-2"]!.data!.standbySignal = true;
    },
    up: /pg-2/,
  },
  {
    name: "a fenced node",
    since: (world) => Object.assign(world.nodes["pg-3"]!, { fence: "lost a failover" }),
    up: /lost a failover/,
  },
  {
    name: "a container gone",
    since: (world) => Object.assign(world.nodes["pg-3"]!, { container: "absent", server: undefined }),
    up: /pg-3 is gone/,
  },
];

/** The state in which a scenario's `up` finds the nodes. */
export function stage(
  { now: declaration, before, since }: Scenario,
  eager = false,
): { desired: Desired; world: World } {
  const desired = desiredOf(declaration);
  const world =
    before === "nothing"
      ? build.emptyWorld(desired, { eager })
      : grown(desired, desiredOf(before ?? declaration), eager);
  since?.(world, desired);
  if (eager) for (const node of Object.values(world.nodes)) startServer(world, node);
  return { desired, world };
}

/** The running cluster of an older config, with empty containers for what the newer one adds. */
function grown(desired: Desired, before: Desired, eager: boolean): World {
  const world = build.runningWorld(before, { eager, others: [desired] });
  const added = build.emptyWorld(desired, { eager }).nodes;
  return { ...world, nodes: { ...added, ...world.nodes } };
}
