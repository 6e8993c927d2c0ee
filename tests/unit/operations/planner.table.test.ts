import { expect, test, vi } from "vitest";
import { describeStage } from "./support/describeStep.ts";
import { startingState } from "./support/scenarios/scenario.ts";
import { scenarios } from "./support/scenarios/scenarios.ts";
import { differencesFromPlan } from "./support/world/promises.ts";
import { up } from "./support/world/up.ts";

vi.mock(import("../../../operations/scram.ts"), () => import("./support/plainPasswords.ts"));

test.each(scenarios)("$name", (scenario) => {
  const { desired, world } = startingState(scenario);
  const outcome = up(world, desired);
  if (scenario.up instanceof RegExp) {
    expect(outcome).toMatchObject({ end: "refused", reason: expect.stringMatching(scenario.up) });
    return;
  }
  expect(outcome).toMatchObject({ end: "done" });
  expect(outcome.rounds.map((stages) => stages.map((stage) => describeStage(stage, desired.plan.primary)))).toEqual(
    scenario.up,
  );
  expect(differencesFromPlan(desired, world)).toEqual([]);
});
