import { runtimeText } from "../../../../../operations/desired.ts";
import * as build from "../world/build.ts";
import type { Scenario } from "./scenario.ts";

const fresh = [
  "writeFiles pg-1, writeFiles pg-2, writeFiles pg-3",
  "initialise pg-1",
  "configureRoles pg-1, createSlot pg_2 on pg-1, createSlot pg_3 on pg-1",
  "clone pg-2 from pg-1, clone pg-3 from pg-1",
];

/** First runs, whole and cut off. */
export const installations: readonly Scenario[] = [
  { name: "fresh machine, async", now: { mode: "async" }, before: "nothing", up: [fresh] },
  { name: "fresh machine, quorum", before: "nothing", up: [[...fresh, "enableQuorum pg-1"]] },
  {
    name: "fresh machine, one node",
    now: { mode: "async", nodes: ["pg-1"] },
    before: "nothing",
    up: [["writeFiles pg-1", "initialise pg-1", "configureRoles pg-1"]],
  },
  { name: "second run", up: [] },
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
    up: [["writeRuntime pg-1"], ["writeRuntime pg-2, writeRuntime pg-3"]],
  },
];
