import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import type { Desired } from "../../../operations/desired.ts";
import { start } from "./support/arbitraries.ts";
import { brokenPromises, differencesFromPlan, unsafe } from "./support/world/promises.ts";
import { up } from "./support/world/up.ts";
import { copyWorld, type World } from "./support/world/world.ts";

// Hashing passwords is not the subject here, and would take up nearly all of the time.
vi.mock("../../../operations/scram.ts", () => ({
  scramVerifier: (password: string) => `verifier of ${password}`,
  matchesVerifier: (password: string, stored: string) => stored === `verifier of ${password}`,
}));

test("uninterrupted", () => {
  const reasons = new Map<string, number>();
  fc.assert(
    fc.property(start, ({ desired, world }) => {
      const why = unsafe(desired, world);
      const before = JSON.stringify(world.nodes);
      let last = copyWorld(world);
      const outcome = up(world, desired, {
        watch: (done) => {
          expect(brokenPromises(desired, last, world), done).toEqual([]);
          last = copyWorld(world);
        },
      });
      const key = why === undefined ? outcome.end : `unsafe ${why.replace(/\S*\d/g, "")}: ${outcome.end}`;
      reasons.set(key, (reasons.get(key) ?? 0) + 1);
      if (why === undefined) {
        expect(outcome).toMatchObject({ end: "done", reason: "" });
        expect(differencesFromPlan(desired, world)).toEqual([]);
      } else expect(outcome.end).toBe("refused");
    }),
    { numRuns: 3000, seed: 1, verbose: 0 },
  );
  console.log(reasons);
});
