import fc from "fast-check";
import { expect, test, vi } from "vitest";
import type { Desired } from "../../../operations/desired.ts";
import type { ObservedCluster } from "../../../operations/observed.ts";
import { reconcile } from "../../../operations/reconcile.ts";
import { start } from "./support/arbitraries.ts";
import { runs, timeout } from "./support/propertyRuns.ts";
import { takeTurns } from "./support/runUp.ts";
import { look } from "./support/world/look.ts";
import { differencesFromPlan, promiseWatch, unsafe } from "./support/world/promises.ts";
import { up } from "./support/world/up.ts";
import { copyWorld, type World } from "./support/world/world.ts";

vi.mock(import("../../../operations/scram.ts"), () => import("./support/plainPasswords.ts"));

const safe = start.filter(({ desired, world }) => unsafe(desired, world) === undefined);
const notSafe = start.filter(({ desired, world }) => unsafe(desired, world) !== undefined);

test("from any safe state, one `up` ends at the plan, as it was expected to, and keeps every promise on its way", {
  timeout,
}, () => {
  fc.assert(
    fc.property(safe, ({ desired, world: found }) => {
      const world = copyWorld(found);
      const { broken, watch } = promiseWatch(desired, world);
      expect(up(world, desired, { watch })).toMatchObject({ end: "done", reason: "", unexpected: [] });
      expect(broken).toEqual([]);
      expect(differencesFromPlan(desired, world)).toEqual([]);
    }),
    runs(400),
  );
});

/** Where `up` is cut off, how the steps of its stages take turns, and whether the nodes lose their power then. */
const interruption = fc.record({
  cutAt: fc.nat(30),
  turns: fc.array(fc.nat(4), { minLength: 1, maxLength: 7 }),
  powerFailure: fc.boolean(),
});

test("cut off anywhere, again and again, it still ends at the plan, and the next `up` has nothing to do", {
  timeout,
}, () => {
  fc.assert(
    fc.property(safe, fc.array(interruption, { minLength: 1, maxLength: 3 }), ({ desired, world: found }, cuts) => {
      const world = copyWorld(found);
      const { broken, watch } = promiseWatch(desired, world);
      for (const { cutAt, turns, powerFailure } of cuts) {
        const { end, reason } = up(world, desired, { cutAt, next: takeTurns(turns), watch });
        // A plan never walks into a refusal or into a step that can't succeed.
        expect([end, reason]).toEqual([expect.stringMatching(/^(cut off|done)$/), ""]);
        if (powerFailure) for (const node of Object.values(world.nodes)) node.server = undefined;
      }
      expect(up(world, desired, { watch })).toMatchObject({ end: "done", reason: "" });
      expect(broken).toEqual([]);
      expect(differencesFromPlan(desired, world)).toEqual([]);
      expect(up(world, desired).rounds).toEqual([]);
    }),
    runs(400),
  );
});

test("an unsafe state is refused, and its data is left as it is", { timeout }, () => {
  fc.assert(
    fc.property(notSafe, ({ desired, world: found }) => {
      const world = copyWorld(found);
      const { broken, watch } = promiseWatch(desired, world);
      const outcome = up(world, desired, { watch });
      // Of two histories on one timeline nothing tells before one is to follow the other; led by another node, or by nobody, that is late.
      const hidden = unsafe(desired, found)!.includes("has rows that");
      expect(outcome.end).toMatch(isLed(found, desired) && !hidden ? /^refused$/ : /^(refused|failed)$/);
      expect(broken).toEqual([]);
      if (isLed(found, desired)) expect(dataOf(world)).toEqual(dataOf(found));
      if (isKnown(found, desired)) expect(outcome.rounds).toEqual([]);
    }),
    runs(400),
  );
});

test("what is planned or refused follows from what is observed alone, and leaves that unchanged", { timeout }, () => {
  fc.assert(
    fc.property(start, ({ desired, world }) => {
      const names = desired.plan.nodes.map(({ name }) => name);
      const observed = look(world, names);
      const again = structuredClone(observed);
      expect(answer(desired, observed)).toEqual(answer(desired, again));
      expect(observed).toEqual(again);
    }),
    runs(200),
  );
});

function answer(desired: Desired, observed: ObservedCluster) {
  try {
    return reconcile(desired, observed);
  } catch (error) {
    return (error as Error).message;
  }
}

/** Everything by which a data directory could be told from another, but not the rows that clients add meanwhile. */
function dataOf(world: World) {
  return Object.values(world.nodes).map(({ name, data, besides }) => [
    name,
    data && [data.cluster, data.timeline, data.standbySignal],
    [...besides],
  ]);
}

/** How far a primary's data goes only its running server tells. */
function isKnown(world: World, desired: Desired): boolean {
  const all = Object.values(world.nodes);
  return isLed(world, desired) && all.every(({ data, server }) => !data || data.standbySignal || server !== undefined);
}

/** By the declared primary, or nobody has any data. */
function isLed({ nodes }: World, { plan }: Desired): boolean {
  return nodes[plan.primary]!.data?.standbySignal === false || Object.values(nodes).every(({ data }) => !data);
}
