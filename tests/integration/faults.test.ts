import { describe, expect } from "vitest";
import { clusterTest } from "./support/clusterTest.ts";
import { expectFound } from "./support/expectFound.ts";
import { faults } from "./support/faults.ts";
import { figures } from "./support/figures.ts";
import { verifyTimes } from "./support/verifyTimes.ts";
import { WriteLoad } from "./support/writeLoad.ts";

const test = clusterTest({ mode: "quorum" });

describe("a healthy cluster", () => {
  test("gives no false alarm in 20 verifications, half of them under load", async ({ stack }) => {
    await stack.up();
    const idle = await verifyTimes(stack, 10);
    const load = await WriteLoad.start(stack);
    const loaded = await verifyTimes(stack, 10);
    expect((await load.stop()).errors).toEqual([]);
    console.log(`verification, idle: ${figures(idle)}; under load: ${figures(loaded)}`);
  });
});

describe("the verification finds, for the right reason, and the advised repair mends, that", () => {
  test.for(faults)("$title", (fault, { stack }) => expectFound(fault, stack));
});
