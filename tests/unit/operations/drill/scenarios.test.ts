import { expect, test } from "vitest";
import { planCluster } from "../../../../configs/plan.ts";
import { runDrill } from "../../../../operations/drill/drill.ts";
import { scenarioNames } from "../../../../operations/drill/scenarioNames.ts";
import { scenarios, standbysThatMayDie } from "../../../../operations/drill/scenarios.ts";
import { asyncConfig, quorumConfig, specOf } from "../../configs/specs.ts";
import { logicalDesiredOf } from "../support/logicalDesired.ts";

/** Nodes pg-1 to pg-N; with a number, in mode quorum. */
function plan(count: number, number?: number) {
  const nodes = Array.from({ length: count }, (_, index) => ({ name: `pg-${index + 1}`, port: 5442 + index }));
  const config = number === undefined ? asyncConfig({ nodes }) : quorumConfig({ nodes, synchronous: { number } });
  return planCluster(specOf(config));
}

test.each([
  ["one in mode async", plan(4), ["pg-2"]],
  ["all but those that commits wait for", plan(5, 1), ["pg-2", "pg-3", "pg-4"]],
  ["fewer where commits wait for more", plan(5, 3), ["pg-2"]],
])("of the standbys, %s", (_, given, expected) => {
  expect(standbysThatMayDie(given, "pg-1")).toEqual(expected);
});

test("the primary is the one that is, not the one that was planned", () => {
  expect(standbysThatMayDie(plan(3, 1), "pg-2")).toEqual(["pg-1"]);
  expect(scenarios.kill.victims(plan(3, 1), "pg-2")).toEqual(["pg-2"]);
});

test.each(scenarioNames)("a short drill has time for all of %s", (name) => {
  for (const seconds of [3, 30, 300]) expect(scenarios[name].lasts(seconds)).toBeLessThanOrEqual(seconds / 3);
});

test("there is no drill in mode logical, and nothing is touched", async () => {
  const desired = logicalDesiredOf({ nodes: ["pg-1", "pg-2"], schema: { "schema.sql": ["t"] }, publications: [] });
  const silent = { say: () => expect.unreachable() };
  const options = { scenario: "kill", clients: 1, seconds: 1 } as const;
  await expect(runDrill(desired, options, silent, new AbortController().signal)).rejects.toThrow(/mode logical/);
});
