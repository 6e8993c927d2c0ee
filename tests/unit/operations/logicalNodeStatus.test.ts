import { describe, expect, test } from "vitest";
import { nodeStatus } from "../../../operations/nodeStatus.ts";
import { renderStatus, statusOf } from "../../../operations/status.ts";
import { all, type Fault, healthy, logical, node, row, subscription } from "./support/evidence.ts";

const nothing: Fault = (evidence) => evidence;
const noServer = { server: undefined, serverError: "no such socket" };

function seen(fault: Fault) {
  return fault(healthy({ mode: "logical" }));
}

describe("a row of `status` in mode logical", () => {
  const statusIn = (fault: Fault, name: string) => {
    const { desired, observed } = seen(fault);
    return nodeStatus(desired.plan, observed, observed.nodes.find((each) => each.name === name)!);
  };

  test("of the publisher", () => {
    expect(statusIn(nothing, "pg-1")).toMatchObject({
      role: "publisher",
      plannedRole: "publisher",
      state: "running",
      slot: null,
      replayLagBytes: null,
    });
  });

  test("of a subscriber: what the publisher sees of its subscription", () => {
    const lagging = row("pg_2", {
      writeLagBytes: 10,
      flushLagBytes: 20,
      replayLagBytes: 30,
      replayLagSeconds: 1.5,
    });
    expect(statusIn(lagging, "pg-2")).toMatchObject({
      role: "subscriber",
      plannedRole: "subscriber",
      state: "streaming",
      slot: "pg_2",
      writeLagBytes: 10,
      flushLagBytes: 20,
      replayLagBytes: 30,
      replayLagSeconds: 1.5,
      sizeBytes: 23_400_000,
    });
  });

  test.each<[string, Fault, object]>([
    ["everything is applied", nothing, { replayLagSeconds: 0 }],
    ["the delay is not known", row("pg_2", { replayLagBytes: 9 }), { replayLagSeconds: null }],
    ["it is disabled", subscription("pg-2", { enabled: false }), { state: "disabled" }],
    ["it is gone", logical("pg-2", { subscriptions: [] }), { state: "no subscription" }],
    [
      "rows are copied",
      subscription("pg-2", {
        tables: [
          { schema: "public", name: "users", state: "d" },
          { schema: "public", name: "orders", state: "r" },
        ],
      }),
      { state: "copying 1 of 2 tables" },
    ],
    ["it does not stream", row("pg_2", { applicationName: "?" }), { state: "not streaming", slot: null }],
    ["it catches up", row("pg_2", { state: "catchup" }), { state: "catchup" }],
    ["its server is down", node("pg-2", noServer), { role: "unknown", state: "not accepting connections" }],
    ["its container is stopped", node("pg-2", { container: "stopped", ...noServer }), { state: "stopped" }],
  ])("of a subscriber when %s", (_, fault, expected) => {
    expect(statusIn(fault, "pg-2")).toMatchObject(expected);
  });
});

describe("the health of a logical cluster", () => {
  test.each<[string, Fault, string, RegExp[]]>([
    ["as planned", nothing, "healthy", []],
    ["a subscription disabled", subscription("pg-2", { enabled: false }), "degraded", [/^pg-2: disabled$/]],
    ["a subscriber down", node("pg-3", noServer), "degraded", [/^pg-3: not accepting connections$/]],
    [
      "the publisher down",
      node("pg-1", noServer),
      "down",
      [/^pg-1: not accepting connections$/, /^pg-2: not streaming$/, /^pg-3: not streaming$/],
    ],
  ])("%s", (_, fault, health, reasons) => {
    const { desired, observed } = seen(fault);
    const status = statusOf(desired.plan, observed);
    expect(status.health).toBe(health);
    expect(status.reasons).toEqual(reasons.map((reason) => expect.stringMatching(reason)));
  });

  test("is shown with each subscriber's state and lag", () => {
    const fault = all(row("pg_2", { replayLagBytes: 1500 }), subscription("pg-2", { enabled: false }));
    const { desired, observed } = seen(fault);
    const text = renderStatus(statusOf(desired.plan, observed));
    const line = text.split("\n").find((each) => each.includes("pg-2"))!;
    for (const word of ["subscriber", "disabled", "1.5 kB", "pg_2"]) expect(line).toContain(word);
    expect(text).toMatch(/test \(logical\): degraded/);
  });
});
