import Docker from "dockerode";
import { describe, expect } from "vitest";
import type { FailoverResult } from "../../operations/failover/failover.ts";
import { startWitness } from "../../operations/witness/witness.ts";
import { clusterTest } from "./support/clusterTest.ts";
import type { ThrowawayStack } from "./support/throwawayStack.ts";

const test = clusterTest({ mode: "quorum" });

describe("while the primary is alive", () => {
  test("a failover is refused, and nothing is changed", async ({ stack }) => {
    await stack.up();
    const { code, output } = await stack.start("failover").ended;
    expect({ code, output }).toEqual({
      code: 1,
      output: expect.stringContaining("pg-1 is alive, and standbys stream from it"),
    });
    await stack.expectVerified();
  });
});

describe("when the primary is killed under writes", () => {
  test("a failover loses no acknowledged row", async ({ stack }) => {
    await using witness = await startWitness({ desired: await stack.desired(), clients: 4, rate: 400 });
    await witness.writesAccepted(10_000);
    await stack.node("pg-1").kill();
    const result = await failover(stack);
    expect(result).toMatchObject({ former: "pg-1", rpo: 0, report: { ok: true } });
    await witness.writesAccepted(10_000);
    const account = await witness.stop();
    process.stderr.write(
      `RTO ${result.rto} ms by the command, longest gap ${account.longestGap.milliseconds.toFixed(0)} ms\n`,
    );
    expect({ ok: account.ok, missing: account.missing, failed: account.failed }).toEqual({
      ok: true,
      missing: [],
      failed: 0,
    });
  });

  test("the old primary, started by hand, serves nobody", async ({ stack }) => {
    await stack.node("pg-1").start();
    await expect(stack.sql("pg-1", "select 1")).rejects.toThrow("does not accept connections");
    expect(await stack.node("pg-1").logTail(3)).toContain("fenced: failed over to");
  });

  test("the next up rewinds it, and clones nothing", async ({ stack }) => {
    const { output } = await stack.up();
    expect(output).toMatch(/pg-1: [\d.]+ MB of [\d.]+ MB are copied/);
    expect(output).not.toContain("base backup from");
    await stack.expectVerified();
    await stack.up("--expect-no-changes");
  });
});

describe("when the primary's container is gone", () => {
  test("a failover fences its volumes, and up makes it a standby on them", async ({ stack }) => {
    const former = await primaryOf(stack);
    await new Docker().getContainer(stack.containerName(former)).remove({ force: true });
    await failover(stack);
    const { output } = await stack.up("--refresh");
    expect(output).toContain(`${former}: rewinding`);
    await stack.expectVerified();
  });
});

describe("where acknowledged rows could be missing", () => {
  test("a failover is refused without --allow-data-loss", async ({ stack }) => {
    await stack.configure({ mode: "async" });
    await stack.up();
    const former = await primaryOf(stack);
    await stack.node(former).kill();
    const { code, output } = await stack.start("failover").ended;
    expect({ code, output }).toEqual({ code: 1, output: expect.stringMatching(/could be lost: in mode async/) });
    expect(await failover(stack, "--allow-data-loss")).toMatchObject({ former, rpo: null });
    await stack.up();
    await stack.expectVerified();
  });
});

async function failover(stack: ThrowawayStack, ...options: readonly string[]): Promise<FailoverResult> {
  const { output } = await stack.start("failover", "--json", ...options).succeeded();
  const result: FailoverResult = JSON.parse(output.slice(output.indexOf("\n{") + 1));
  await stack.configure({ primary: result.primary }); // what the command has written itself
  return result;
}

async function primaryOf(stack: ThrowawayStack): Promise<string> {
  return (await stack.desired()).plan.primary;
}
