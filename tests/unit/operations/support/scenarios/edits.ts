import { runtimeText } from "../../../../../operations/desired.ts";
import { desiredOf } from "../desired.ts";
import * as build from "../world/build.ts";
import type { Scenario } from "./scenario.ts";

/** Which parameters wait for a restart is known only when the files are loaded: after each reload comes another look. */
const reloaded = [
  ["writeFiles pg-1, writeFiles pg-2, writeFiles pg-3", "writeRuntime pg-1"],
  ["writeRuntime pg-2, writeRuntime pg-3"],
];

/** Edits of the stack config. */
export const edits: readonly Scenario[] = [
  { name: "edited work_mem", before: { parameters: { work_mem: "4MB" } }, up: reloaded },
  { name: "renewed certificates", before: { certificate: "an older one" }, up: reloaded },
  {
    name: "raised max_connections: the standbys first",
    now: { parameters: { max_connections: "200" } },
    before: { parameters: { max_connections: "100" } },
    up: [...reloaded, ["restartServer pg-2", "restartServer pg-3", "restartServer pg-1"]],
  },
  {
    name: "lowered max_connections: the primary first",
    now: { parameters: { max_connections: "50" } },
    before: { parameters: { max_connections: "100" } },
    up: [...reloaded, ["restartServer pg-1"], ["restartServer pg-2", "restartServer pg-3"]],
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
    name: "back to async after a quorum that was written and never loaded: it is never switched on",
    now: { mode: "async" },
    since: (world) => {
      const quorum = desiredOf({ mode: "quorum" });
      build.setRuntime(world, world.nodes["pg-1"]!, runtimeText(quorum, "pg-1", quorum.plan.synchronousStandbyNames));
    },
    up: [["writeRuntime pg-1 without quorum"]],
  },
  {
    name: "quorum of one to a quorum of two",
    now: { nodes: ["pg-1", "pg-2", "pg-3", "pg-4"], number: 2 },
    before: { nodes: ["pg-1", "pg-2", "pg-3", "pg-4"], number: 1 },
    up: [["writeRuntime pg-2, writeRuntime pg-3, writeRuntime pg-4", "enableQuorum pg-1"]],
  },
  {
    name: "quorum of two to a quorum of one while standbys are dead: commits are freed first",
    now: { nodes: ["pg-1", "pg-2", "pg-3", "pg-4"], number: 1 },
    before: { nodes: ["pg-1", "pg-2", "pg-3", "pg-4"], number: 2 },
    since: (world) => build.stop(world.nodes["pg-3"]!),
    up: [
      ["writeRuntime pg-1", "startContainer pg-3"],
      ["writeRuntime pg-2, writeRuntime pg-3, writeRuntime pg-4", "startServer pg-3"],
    ],
  },
  {
    name: "a quorum of two with a node more, and an edited parameter: the old quorum until the new node streams",
    now: { nodes: ["pg-1", "pg-2", "pg-3", "pg-4"], number: 2, parameters: { work_mem: "8MB" } },
    before: { nodes: ["pg-1", "pg-2", "pg-3"], number: 1 },
    up: [
      ["writeFiles pg-1, writeFiles pg-2, writeFiles pg-3, writeFiles pg-4", "writeRuntime pg-1"],
      ["createSlot pg_4 on pg-1", "writeRuntime pg-2, writeRuntime pg-3, clone pg-4 from pg-1"],
      ["enableQuorum pg-1"],
    ],
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
    up: [["createSlot pg_1 on pg-2, createSlot pg_3 on pg-2", "switchOver pg-1"], ["dropSlot pg-1, dropSlot pg-1"]],
  },
];
