import { describe, expect, test } from "vitest";
import { renderStatus, statusOf } from "../../../operations/status.ts";
import { all, type Fault, healthy, node, row, server } from "./support/evidence.ts";

function shown(fault: Fault) {
  const { desired, observed } = fault(healthy());
  return renderStatus(statusOf(desired.plan, observed));
}

/** The line of a node. */
function line(text: string, name: string): string {
  return text.split("\n").find((each) => each.includes(name))!;
}

describe("the status for people", () => {
  test("has a line for each node: role, state, sync state, slot, size", () => {
    const text = shown((evidence) => evidence);
    for (const word of ["primary", "running", "23.4 MB"]) expect(line(text, "pg-1")).toContain(word);
    for (const word of ["standby", "streaming", "quorum", "pg_3", "23.4 MB"])
      expect(line(text, "pg-3")).toContain(word);
    expect(text).toMatch(/test \(quorum\): healthy/);
  });

  test("gives lags in units that can be read", () => {
    const lagging = all(
      row("pg-2", { writeLagBytes: 0, flushLagBytes: 1500, replayLagBytes: 2_500_000_000 }),
      server("pg-2", { replayLagSeconds: 12.34 }),
    );
    for (const word of ["0 B", "1.5 kB", "2.5 GB", "12.3 s"]) expect(line(shown(lagging), "pg-2")).toContain(word);
  });

  test("says why the cluster is not healthy", () => {
    const text = shown(node("pg-1", { server: undefined, serverError: "no such socket" }));
    expect(text).toMatch(/test \(quorum\): down/);
    expect(text).toMatch(/^\s+pg-1: not accepting connections$/m);
  });
});
