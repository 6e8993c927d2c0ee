import { describe, expect } from "vitest";
import type { Report } from "../../operations/report.ts";
import { clusterTest } from "./support/clusterTest.ts";
import { eventually } from "./support/eventually.ts";
import { faults } from "./support/faults.ts";
import { figures } from "./support/figures.ts";
import { WriteLoad } from "./support/writeLoad.ts";

const test = clusterTest({ mode: "quorum" });

describe("a healthy cluster", () => {
  test("gives no false alarm in 20 verifications, half of them under load", async ({ stack }) => {
    await stack.up();
    const idle = await verifyTimes(10);
    const load = await WriteLoad.start(stack);
    const loaded = await verifyTimes(10);
    expect((await load.stop()).errors).toEqual([]);
    console.log(`verification, idle: ${figures(idle)}; under load: ${figures(loaded)}`);

    async function verifyTimes(runs: number): Promise<number[]> {
      const times: number[] = [];
      while (times.length < runs) times.push((await stack.expectVerified()).milliseconds);
      return times;
    }
  });
});

describe("the verification finds, for the right reason, and the advised repair mends, that", () => {
  test.for(faults)("$title", async ({ inflict, found, consequences = [], repair }, { stack }) => {
    await inflict(stack);
    try {
      const failed = failures(await stack.verify());
      for (const [finding, reason] of Object.entries(found)) expect(failed[finding], finding).toMatch(reason);
      const explained = [...Object.keys(found), ...consequences];
      expect(Object.keys(failed).filter((finding) => !explained.includes(finding))).toEqual([]);
    } finally {
      // Also after a failure: the next fault needs a healthy cluster.
      await repair(stack);
      await eventually("verified again", async () => (await stack.verify()).ok, 30_000);
    }
  });
});

/** What failed and why, by `check node`. */
function failures({ findings }: Report): Record<string, string> {
  const failed = findings.filter(({ ok }) => !ok);
  return Object.fromEntries(failed.map(({ check, node = "cluster", detail }) => [`${check} ${node}`, detail]));
}
