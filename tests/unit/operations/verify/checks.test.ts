import { describe, expect, test } from "vitest";
import { checks } from "../../../../operations/verify/checks.ts";
import { failedChecks, healthy } from "../support/evidence.ts";

test.each(["quorum", "async"] as const)("a healthy %s cluster gives no alarm", (mode) => {
  expect(failedChecks(healthy({ mode }))).toEqual([]);
  expect(failedChecks(healthy({ mode, nodes: ["a", "b", "c", "d", "e"], primary: "c", number: 3 }))).toEqual([]);
});

test("a single node gives no alarm", () => {
  expect(failedChecks(healthy({ mode: "async", nodes: ["alone"] }))).toEqual([]);
});

test("every check has a name of its own", () => {
  const ids = checks.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
});

describe("with nothing to be seen", () => {
  const evidence = healthy();
  const nodes = evidence.observed.nodes.map(({ name }) => ({ name, container: "absent" as const }));
  const blind = { ...evidence, observed: { nodes }, probes: { bound: 10_000, clients: {} } };

  test.each(checks)("$id judges without breaking", ({ examine }) => {
    expect(() => examine(blind)).not.toThrow();
  });

  test("the missing containers and the missing primary are named", () => {
    expect(failedChecks(blind)).toEqual(["server-running", "one-primary"]);
  });
});
