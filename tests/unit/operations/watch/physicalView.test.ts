import { describe, expect, test } from "vitest";
import type { NodeAnswers } from "../../../../operations/watch/clusterWatch.ts";
import type { PhysicalSample, StandbySample } from "../../../../operations/watch/physicalSample.ts";
import { physicalView } from "../../../../operations/watch/physicalView.ts";
import { physicalLine, physicalTable } from "../../../../operations/watch/renderPhysical.ts";
import { desiredOf } from "../support/desired.ts";

type Answers = NodeAnswers<PhysicalSample>;

const { plan } = desiredOf({ nodes: ["pg-1", "pg-2"] });
const at = new Date("2026-11-20T21:45:01Z");

const seen: StandbySample = {
  name: "pg-2",
  state: "streaming",
  syncState: "quorum",
  writeLagBytes: 100,
  flushLagBytes: 200,
  replayLagBytes: 3_000_000,
  writeLagSeconds: 0.001,
  flushLagSeconds: 0.002,
};
const primary: PhysicalSample = {
  at: 100,
  startedAt: 1,
  inRecovery: false,
  flushed: 10_000_000,
  replayed: null,
  replayLagSeconds: null,
  transactions: 1_000,
  rowsInserted: 2_000,
  rowsRead: 3_000,
  standbys: [seen],
};
const standby: PhysicalSample = {
  ...primary,
  inRecovery: true,
  flushed: 9_999_800,
  replayed: 7_000_000,
  replayLagSeconds: 1.5,
  standbys: [],
};

const answers = (one: Partial<PhysicalSample> = {}, two: Partial<PhysicalSample> = {}): Answers => ({
  "pg-1": { answer: { ...primary, ...one } },
  "pg-2": { answer: { ...standby, ...two } },
});

/** Two seconds later. */
const later = answers(
  { at: 102, flushed: 10_500_000, transactions: 3_000, rowsInserted: 2_500, rowsRead: 3_000 },
  { at: 102, replayed: 7_200_000, transactions: 1_004 },
);

function nodesOf(now: Answers, before: Answers = {}) {
  const { nodes } = physicalView(plan, now, before, at);
  return { "pg-1": nodes[0]!, "pg-2": nodes[1]! };
}

describe("a look at a cluster with physical replication", () => {
  test("shows roles, states and lag at once", () => {
    const nodes = nodesOf(answers());
    expect(nodes["pg-1"]).toMatchObject({ node: "pg-1", role: "primary", state: "running", replayLagBytes: null });
    expect(nodes["pg-2"]).toMatchObject({
      role: "standby",
      state: "streaming",
      syncState: "quorum",
      writeLagBytes: 100,
      writeLagSeconds: 0.001,
      flushLagBytes: 200,
      flushLagSeconds: 0.002,
      replayLagBytes: 3_000_000,
      replayLagSeconds: 1.5,
    });
  });

  test("shows rates from the second look on", () => {
    expect(nodesOf(answers())["pg-1"]).toMatchObject({ transactionsPerSecond: null, walBytesPerSecond: null });
    const nodes = nodesOf(later, answers());
    expect(nodes["pg-1"]).toMatchObject({
      walBytesPerSecond: 250_000,
      transactionsPerSecond: 1_000,
      rowsInsertedPerSecond: 250,
      rowsReadPerSecond: 0,
    });
    expect(nodes["pg-2"]).toMatchObject({ walBytesPerSecond: 100_000, transactionsPerSecond: 2 });
  });

  test.each<[string, Answers]>([
    ["the server was restarted", answers({ startedAt: 50 })],
    ["the node had another role", answers({ inRecovery: true, replayed: 1 })],
    ["the statistics were reset", answers({ transactions: 9_999, flushed: null })],
    ["it did not answer", { ...answers(), "pg-1": { state: "stopped" } }],
  ])("shows no rate when %s in between", (_case, before) => {
    expect(nodesOf(later, before)["pg-1"]).toMatchObject({ transactionsPerSecond: null, walBytesPerSecond: null });
  });

  test("shows no seconds of lag that were measured before there was none", () => {
    const caughtUp = { ...seen, writeLagBytes: 0, flushLagBytes: 0, replayLagBytes: 0 };
    expect(nodesOf(answers({ standbys: [caughtUp] }))["pg-2"]).toMatchObject({
      writeLagSeconds: 0,
      flushLagSeconds: 0,
      replayLagSeconds: 0,
    });
  });

  test("shows a node that is down as such, and the others as ever", () => {
    const nodes = nodesOf({ ...answers(), "pg-2": { state: "paused" } });
    expect(nodes["pg-2"]).toMatchObject({ role: "unknown", state: "paused", syncState: null, replayLagBytes: null });
    expect(nodes["pg-1"]).toMatchObject({ role: "primary", state: "running" });
  });

  test("works out how far a standby is behind that does not stream", () => {
    expect(nodesOf(answers({ standbys: [] }))["pg-2"]).toMatchObject({
      state: "not streaming",
      syncState: null,
      writeLagBytes: null,
      flushLagBytes: 200,
      replayLagBytes: 3_000_000,
    });
    const alone: Answers = { ...answers(), "pg-1": { state: "stopped" } };
    expect(nodesOf(alone)["pg-2"]).toMatchObject({ state: "not streaming", replayLagBytes: null });
  });

  test("calls two nodes that accept writes what they are", () => {
    const nodes = nodesOf(answers({}, { inRecovery: false }));
    expect([nodes["pg-1"].role, nodes["pg-2"].role]).toEqual(["primary", "primary"]);
  });
});

describe("for people", () => {
  const view = physicalView(plan, later, answers(), at);

  test("the table has a line for each node", () => {
    const lines = physicalTable(view).split("\n");
    expect(lines[0]).toMatch(/^test \(quorum\) {2}\d\d:45:01 /);
    expect(lines.find((line) => line.includes("pg-1"))).toMatch(/primary.*running.*250\.0 kB.*1,000.*250/);
    expect(lines.find((line) => line.includes("pg-2"))).toMatch(
      /standby.*streaming.*quorum.*100 B 0\.001 s.*200 B 0\.002 s.*3\.0 MB 1\.5 s.*100\.0 kB/,
    );
  });

  test("the line has all nodes in it", () => {
    const down = physicalView(plan, { ...later, "pg-2": { state: "stopped" } }, answers(), at);
    expect(physicalLine(view)).toMatch(
      /^\d\d:45:01 \| pg-1 primary 250\.0 kB\/s WAL 1,000 tx\/s \| pg-2 standby streaming quorum 3\.0 MB 1\.5 s behind 100\.0 kB\/s WAL 2\.0 tx\/s$/,
    );
    expect(physicalLine(down)).toMatch(/\| pg-2 stopped$/);
  });
});
