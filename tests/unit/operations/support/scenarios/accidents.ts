import { runtimeText } from "../../../../../operations/desired.ts";
import { fenceOf } from "../../../../../operations/fence.ts";
import { desiredOf } from "../desired.ts";
import * as build from "../world/build.ts";
import { reloadServer } from "../world/servers.ts";
import type { Scenario } from "./scenario.ts";

/** What others do to a running cluster, its volumes and its history. */
export const accidents: readonly Scenario[] = [
  // Drift
  {
    name: "a file changed by hand, and loaded",
    since: (world) => build.tamper(world, world.nodes["pg-2"]!, "pg_hba.conf", { reload: true }),
    up: [["writeFiles pg-2", "writeRuntime pg-2"]],
  },
  {
    name: "a file too many: nothing reads it",
    since: (world) => build.tamper(world, world.nodes["pg-2"]!, "extra.conf"),
    up: [["writeRuntime pg-2"]],
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
      ["startContainer pg-1"],
      ["startContainer pg-2, startContainer pg-3"],
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
      ["configureRoles pg-1", "writeRuntime pg-2, writeRuntime pg-3", "startServer pg-2, startServer pg-3"],
      ["enableQuorum pg-1"],
    ],
  },
  {
    name: "data volumes removed, config volumes kept: the quorum in their runtime files is not wanted any more",
    now: { mode: "async" },
    before: { mode: "quorum" },
    since: (world) => {
      for (const node of Object.values(world.nodes)) Object.assign(node, { data: undefined, server: undefined });
    },
    up: [
      [
        "initialise pg-1",
        "configureRoles pg-1, createSlot pg_2 on pg-1, createSlot pg_3 on pg-1",
        "clone pg-2 from pg-1, clone pg-3 from pg-1",
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

  {
    name: "the primary's config volume comes from a node that was being cloned",
    since: (world) => Object.assign(world.nodes["pg-1"]!, { hold: "being cloned", server: undefined }),
    up: [["startServer pg-1"]],
  },
  {
    name: "the primary's volume restored from an older copy",
    since: (world) => {
      world.nodes["pg-1"]!.data!.rows["pg-1"] = 1;
      build.loseSlot(world, desiredOf(), "pg-2");
    },
    up: /pg-2 has been further than the declared primary/,
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
    name: "a former primary, fenced by a failover",
    now: { primary: "pg-2" },
    before: { primary: "pg-1" },
    since: (world, now) => {
      build.stop(world.nodes["pg-1"]!);
      Object.assign(world.nodes["pg-1"]!, { fence: fenceOf("pg-2", new Date(0)) });
      build.promote(world.nodes["pg-2"]!);
      for (const name of ["pg-2", "pg-3"]) {
        build.setRuntime(world, world.nodes[name]!, runtimeText(now, name, now.plan.synchronousStandbyNames));
        reloadServer(world, world.nodes[name]!);
      }
      world.nodes["pg-2"]!.data!.slots = { pg_3: { lost: false } };
    },
    up: [["startContainer pg-1"], ["createSlot pg_1 on pg-2", "rejoin pg-1"], ["dropSlot pg-1, dropSlot pg-1"]],
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
