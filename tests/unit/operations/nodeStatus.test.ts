import { describe, expect, test } from "vitest";
import { nodeStatus } from "../../../operations/nodeStatus.ts";
import { statusOf } from "../../../operations/status.ts";
import { all, type Fault, healthy, node, row, server, volumes } from "./support/evidence.ts";

function statusIn(fault: Fault, name: string, declaration = {}) {
  const { desired, observed } = fault(healthy(declaration));
  return nodeStatus(desired.plan, observed, observed.nodes.find((each) => each.name === name)!);
}

const nothing: Fault = (evidence) => evidence;
const noServer = { server: undefined, serverError: "no such socket" };

describe("a row of `status`", () => {
  test("of a primary", () => {
    expect(statusIn(nothing, "pg-1")).toEqual({
      node: "pg-1",
      role: "primary",
      plannedRole: "primary",
      state: "running",
      timeline: 1,
      syncState: null,
      writeLagBytes: null,
      flushLagBytes: null,
      replayLagBytes: null,
      replayLagSeconds: null,
      slot: null,
      sizeBytes: 23_400_000,
    });
  });

  test("of a standby: what the primary sees of it, and its own replay", () => {
    const fault = all(
      row("pg-2", { writeLagBytes: 10, flushLagBytes: 20, replayLagBytes: 30 }),
      server("pg-2", { replayLagSeconds: 1.5 }),
    );
    expect(statusIn(fault, "pg-2")).toEqual({
      node: "pg-2",
      role: "standby",
      plannedRole: "standby",
      state: "streaming",
      timeline: 1,
      syncState: "quorum",
      writeLagBytes: 10,
      flushLagBytes: 20,
      replayLagBytes: 30,
      replayLagSeconds: 1.5,
      slot: "pg_2",
      sizeBytes: 23_400_000,
    });
  });

  const emptyVolumes = { fileHashes: {}, configurationChangedAt: 0, directories: [], freeBytes: 1 };
  const absent = { container: "absent", volumes: undefined, ...noServer } as const;
  const fenced = all(volumes("pg-2", { fence: "lost a failover" }), node("pg-2", noServer));

  test.each<[string, Fault, object]>([
    ["its container is gone", node("pg-2", absent), { state: "absent", role: "unknown", timeline: null }],
    ["its container is stopped", node("pg-2", { ...absent, container: "stopped" }), { state: "stopped" }],
    ["it is fenced", fenced, { state: "fenced", role: "unknown", timeline: 1 }],
    ["its server is down", node("pg-2", noServer), { state: "not accepting connections", role: "unknown" }],
    ["it has no data", node("pg-2", { ...noServer, volumes: emptyVolumes }), { state: "no data" }],
    [
      "it does not stream",
      row("pg-2", { applicationName: "?" }),
      { state: "not streaming", syncState: null, slot: null },
    ],
    ["it catches up", row("pg-2", { state: "catchup" }), { state: "catchup", role: "standby" }],
    ["it was promoted", server("pg-2", { inRecovery: false, timeline: 2 }), { role: "primary", timeline: 2 }],
    ["the primary is down", node("pg-1", noServer), { state: "not streaming", role: "standby" }],
  ])("of a standby when %s", (_, fault, expected) => {
    expect(statusIn(fault, "pg-2")).toMatchObject(expected);
  });

  test("of a healthy standby, while a node that is listed before the primary was promoted", () => {
    const promoted = server("pg-1", { inRecovery: false });
    expect(statusIn(promoted, "pg-3", { primary: "pg-2" })).toMatchObject({ state: "streaming", syncState: "quorum" });
  });
});

describe("the health of a cluster", () => {
  test.each<[string, Fault, string, RegExp[]]>([
    ["as planned", nothing, "healthy", []],
    ["a standby down", node("pg-2", noServer), "degraded", [/^pg-2: not accepting connections$/]],
    ["a standby stopped", node("pg-2", { container: "stopped", ...noServer }), "degraded", [/^pg-2: stopped$/]],
    [
      "a standby promoted",
      server("pg-2", { inRecovery: false }),
      "degraded",
      [/^more than one node accepts writes: pg-1, pg-2$/, /^pg-2 is primary, planned is standby$/],
    ],
    ["the primary down", node("pg-1", noServer), "down", [/^pg-1: not accepting/]],
    [
      "the quorum off",
      server("pg-1", { settings: { synchronous_standby_names: "" } }),
      "degraded",
      [/^the quorum is not switched on/],
    ],
    [
      "too few voters",
      all(row("pg-2", { syncState: "async" }), row("pg-3", { syncState: "async" })),
      "degraded",
      [/^0 of 1 standbys that a commit waits for/],
    ],
  ])("%s", (_, fault, health, reasons) => {
    const { desired, observed } = fault(healthy());
    const status = statusOf(desired.plan, observed);
    expect(status.health).toBe(health);
    expect(status.reasons).toEqual(expect.arrayContaining(reasons.map((reason) => expect.stringMatching(reason))));
    if (reasons.length === 0) expect(status.reasons).toEqual([]);
  });

  test("in async mode nothing waits for a standby", () => {
    const { desired, observed } = healthy({ mode: "async" });
    expect(statusOf(desired.plan, observed)).toMatchObject({ health: "healthy", reasons: [] });
  });
});
