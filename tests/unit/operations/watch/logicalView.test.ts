import { describe, expect, test } from "vitest";
import type { NodeAnswers } from "../../../../operations/watch/clusterWatch.ts";
import { type LogicalSample, logicalView } from "../../../../operations/watch/logicalView.ts";
import { logicalLine, logicalTable } from "../../../../operations/watch/renderLogical.ts";
import { desiredOf } from "../support/desired.ts";

const { plan } = desiredOf({ nodes: ["pg-1", "pg-2", "pg-3"] });
const at = new Date("2026-11-20T21:45:01Z");

const publisher: LogicalSample = {
  at: 100,
  startedAt: 1,
  rowsChanged: 1_000,
  tables: { "public.users": 12_345, "public.orders": 7 },
  subscribers: [{ node: "pg-2", state: "streaming", lagBytes: 1_500, lagSeconds: 0.25 }],
};
const subscriber: LogicalSample = { ...publisher, tables: { "public.users": 12_000 }, subscribers: [] };
const before: NodeAnswers<LogicalSample> = { "pg-1": { answer: publisher }, "pg-2": { answer: subscriber } };
const now: NodeAnswers<LogicalSample> = {
  "pg-1": { answer: { ...publisher, at: 102, rowsChanged: 1_400 } },
  "pg-2": { answer: { ...subscriber, at: 102, rowsChanged: 1_300 } },
  "pg-3": { state: "stopped" },
};
const view = logicalView(plan, now, before, at);

describe("a look at a cluster with logical replication", () => {
  test("shows the rows of each table on each node, and where they are not known", () => {
    expect(view.tables).toEqual([
      { table: "public.orders", rows: { "pg-1": 7, "pg-2": null, "pg-3": null } },
      { table: "public.users", rows: { "pg-1": 12_345, "pg-2": 12_000, "pg-3": null } },
    ]);
  });

  test("shows each subscriber's lag, and how fast it applies", () => {
    expect(view.nodes).toEqual([
      {
        node: "pg-1",
        role: "publisher",
        state: "running",
        lagBytes: null,
        lagSeconds: null,
        rowsChangedPerSecond: 200,
      },
      {
        node: "pg-2",
        role: "subscriber",
        state: "streaming",
        lagBytes: 1500,
        lagSeconds: 0.25,
        rowsChangedPerSecond: 150,
      },
      {
        node: "pg-3",
        role: "subscriber",
        state: "stopped",
        lagBytes: null,
        lagSeconds: null,
        rowsChangedPerSecond: null,
      },
    ]);
  });

  test("tells a subscriber that runs and does not stream", () => {
    const silent = { ...now, "pg-3": { answer: subscriber } };
    expect(logicalView(plan, silent, before, at).nodes[2]).toMatchObject({ state: "not streaming", lagBytes: null });
  });
});

describe("for people", () => {
  test("the table shows the nodes, and the counts side by side", () => {
    const lines = logicalTable(view).split("\n");
    expect(lines.find((line) => line.includes("pg-2") && line.includes("subscriber"))).toMatch(
      /streaming.*1\.5 kB 0\.250 s.*150/,
    );
    expect(lines.find((line) => line.includes("public.users"))).toMatch(/12,345.*12,000.*\?/);
  });

  test("the line has it all", () => {
    expect(logicalLine(view)).toMatch(
      /^\d\d:45:01 \| pg-1 publisher running 200 rows\/s \| pg-2 subscriber streaming 1\.5 kB 0\.250 s behind 150 rows\/s \| pg-3 subscriber stopped \| public\.orders 7\/\?\/\? \| public\.users 12,345\/12,000\/\?$/,
    );
  });
});
