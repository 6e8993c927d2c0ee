import fc from "fast-check";
import { expect, test, vi } from "vitest";
import type { Desired } from "../../../operations/desired.ts";
import { type Story, story } from "./support/logicalArbitraries.ts";
import { logicalDesiredOf } from "./support/logicalDesired.ts";
import { stories } from "./support/logicalStories.ts";
import { addNodes, emptyWorld, removeLeavers } from "./support/logicalWorld/build.ts";
import { faults } from "./support/logicalWorld/faults.ts";
import { differencesFromPlan, promiseWatch } from "./support/logicalWorld/promises.ts";
import { unmendable } from "./support/logicalWorld/unmendable.ts";
import { up } from "./support/logicalWorld/up.ts";
import { settle } from "./support/logicalWorld/workers.ts";
import type { LogicalWorld } from "./support/logicalWorld/world.ts";
import { runs, timeout } from "./support/propertyRuns.ts";
import { takeTurns } from "./support/runUp.ts";

vi.mock(import("../../../operations/scram.ts"), () => import("./support/plainPasswords.ts"));

test("whatever was edited, broken or cut off, `up` ends at the plan and keeps every promise on its way", {
  timeout,
}, () => {
  fc.assert(fc.property(story, tell), runs(300));
});

/** Each of these stories, with its second run cut off at every single moment. */
test.each(stories)("$name", { timeout }, ({ story }) => {
  const [second, ...rest] = story.chapters;
  for (let cutAt = 0; cutAt < 30; cutAt++) {
    tell({ ...story, chapters: [{ ...second!, cuts: [{ cutAt, turns: [0, 1] }] }, ...rest] });
  }
});

function tell({ first, cuts, chapters }: Story): void {
  const desired = logicalDesiredOf(first);
  const world = emptyWorld(desired);
  converge(world, desired, cuts);
  let before = desired;
  for (const chapter of chapters) {
    for (const { fault, pick } of chapter.faults) {
      faults[fault](world, pick);
      settle(world);
    }
    removeLeavers(world, before, chapter);
    before = logicalDesiredOf(chapter.declaration);
    addNodes(world, before);
    world.lagging.clear();
    for (const name of chapter.lagging) world.lagging.add(name);
    // What nobody can know any more can't be mended.
    if (chapter.faults.length > 0 && unmendable(world)) return;
    converge(world, before, chapter.cuts);
  }
}

/** Runs that are cut off, one that is not, and one that has nothing left to do; all promises are watched. */
function converge(world: LogicalWorld, desired: Desired, cuts: Story["cuts"]): void {
  const { broken, watch } = promiseWatch(desired, world);
  for (const { cutAt, turns } of cuts) {
    const { end, reason } = up(world, desired, { cutAt, next: takeTurns(turns), watch });
    expect([end, reason]).toEqual([expect.stringMatching(/^(cut off|done)$/), ""]);
    expect(broken).toEqual([]);
  }
  const { end, reason } = up(world, desired, { watch });
  expect([...broken, end, reason]).toEqual(["done", ""]);
  expect(differencesFromPlan(desired, world)).toEqual([]);
  expect(up(world, desired).rounds).toEqual([]);
}
