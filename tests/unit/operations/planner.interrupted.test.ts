import { describe, expect, test, vi } from "vitest";
import { startingState } from "./support/scenarios/scenario.ts";
import { scenarios } from "./support/scenarios/scenarios.ts";
import { differencesFromPlan, promiseWatch } from "./support/world/promises.ts";
import { up } from "./support/world/up.ts";
import { copyWorld } from "./support/world/world.ts";

vi.mock(import("../../../operations/scram.ts"), () => import("./support/plainPasswords.ts"));

const orders = {
  "one step after the other": () => 0,
  "the other way round": (unfinished: number) => unfinished - 1,
};

/** Each state of the table, cut off at every single moment of its `up`. */
describe.each(scenarios.filter(({ up }) => !(up instanceof RegExp)))("$name", (scenario) => {
  test.each([
    { eager: false, when: "woken" },
    { eager: true, when: "it can" },
  ])("a server starts when $when", { timeout: 60_000 }, ({ eager }) => {
    const { desired, world: found } = startingState(scenario, eager);
    for (const [order, next] of Object.entries(orders)) {
      const { moments } = up(copyWorld(found), desired, { next });
      for (let cutAt = 0; cutAt < moments; cutAt++) {
        const world = copyWorld(found);
        const { broken, watch } = promiseWatch(desired, world);
        const where = `${order}, cut off at moment ${cutAt}`;
        expect(up(world, desired, { cutAt, next, watch }).end, where).toBe("cut off");
        expect(up(world, desired, { watch }), where).toMatchObject({ end: "done", reason: "" });
        expect(broken, where).toEqual([]);
        expect(differencesFromPlan(desired, world), where).toEqual([]);
        expect(up(world, desired).rounds, where).toEqual([]);
      }
    }
  });
});
