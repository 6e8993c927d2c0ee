import { describe, expect, test } from "vitest";
import { checks, checksFor } from "../../../../operations/verify/checks.ts";
import { failedChecks, healthy } from "../support/evidence.ts";

test.each(["quorum", "async"] as const)("a healthy %s cluster gives no alarm", (mode) => {
  expect(failedChecks(healthy({ mode }))).toEqual([]);
  expect(failedChecks(healthy({ mode, nodes: ["a", "b", "c", "d", "e"], primary: "c", number: 3 }))).toEqual([]);
});

test("a healthy logical cluster gives no alarm", () => {
  expect(failedChecks(healthy({ mode: "logical" }))).toEqual([]);
  expect(failedChecks(healthy({ mode: "logical", nodes: ["a", "b", "c", "d", "e"], primary: "c" }))).toEqual([]);
});

test("in mode logical nothing is asked of standbys", () => {
  const ids = checksFor("logical").map(({ id }) => id);
  for (const id of ["one-primary", "system-identifier", "streaming", "wal-receiver", "base-backup", "quorum-commit"])
    expect(ids).not.toContain(id);
  for (const mode of ["async", "quorum"] as const)
    expect(checksFor(mode).map(({ id }) => id)).not.toContain("subscriptions");
});

test("a single node gives no alarm", () => {
  expect(failedChecks(healthy({ mode: "async", nodes: ["alone"] }))).toEqual([]);
});

test("every check has a name of its own", () => {
  const ids = checks.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
});

describe.each([
  ["quorum", ["server-running", "one-primary"]],
  ["logical", ["server-running"]],
] as const)("with nothing to be seen in mode %s", (mode, failed) => {
  const evidence = healthy({ mode });
  const nodes = evidence.observed.nodes.map(({ name }) => ({ name, container: "absent" as const }));
  const blind = { ...evidence, observed: { nodes }, probes: { bound: 10_000, clients: {} } };

  test.each(checksFor(mode))("$id judges without breaking", ({ examine }) => {
    expect(() => examine(blind)).not.toThrow();
  });

  test("what is missing is named", () => {
    expect(failedChecks(blind)).toEqual(failed);
  });
});
