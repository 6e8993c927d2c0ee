import { describe, expect } from "vitest";
import { startWitness, type Witness } from "../../operations/witness/witness.ts";
import type { WitnessAccount } from "../../operations/witness/witnessAccount.ts";
import type { CliResult } from "./support/cliRun.ts";
import { clusterTest } from "./support/clusterTest.ts";
import type { ThrowawayStack } from "./support/throwawayStack.ts";

const test = clusterTest({ mode: "quorum" });

describe("a change of primary, while clients write", () => {
  test("is a switchover: no acknowledged row is lost, and nothing is cloned again", async ({ stack }) => {
    await stack.up();
    const { account, result } = await underWrites(stack, () => switchTo(stack, "pg-2"));
    expect(result.output).toContain("switching over from pg-1 to pg-2");
    expect(result.output).not.toContain("base backup from");
    expect(account.primaries.map(({ node, timeline }) => [node, timeline])).toEqual([
      ["pg-1", 1],
      ["pg-2", 2],
    ]);
    await stack.expectVerified();
  });

  test("leaves nothing to do: neither for up, nor for preview and refresh", async ({ stack }) => {
    await stack.up("--expect-no-changes");
    await stack.pulumi("preview", "--expect-no-changes");
    await stack.pulumi("refresh", "--yes", "--skip-preview", "--expect-no-changes");
    expect(await stack.sql("pg-1", "select slot_name from pg_replication_slots")).toEqual([]);
  });

  test("back again, and on to a third node, by plain pulumi", async ({ stack }) => {
    for (const primary of ["pg-1", "pg-3"]) {
      await underWrites(stack, async () => {
        await stack.configure({ primary });
        return await stack.pulumi("up", "--yes", "--skip-preview");
      });
      await stack.expectVerified();
    }
  });
});

describe("a switchover that is killed with all that it has started", () => {
  const moments: readonly (readonly [string, string, RegExp])[] = [
    ["as it begins", "pg-1", /switching over from pg-3 to pg-1/],
    ["when the new primary is promoted", "pg-2", /pg-2: promoted/],
  ];

  test.for(moments)("%s, is completed by the next up", async ([, primary, moment], { stack }) => {
    await underWrites(stack, async () => {
      await stack.configure({ primary });
      const run = stack.start("up");
      await run.saw(moment);
      await run.killTree();
      return await stack.up();
    });
    await stack.expectVerified();
  });

  test("and is not wanted any more, leaves the primary where it was", async ({ stack }) => {
    // As it is left between the mark and the shutdown.
    await stack.shell("pg-2", "touch /var/lib/postgresql/data/standby.signal");
    await stack.up("--refresh");
    expect(await stack.shell("pg-2", "ls /var/lib/postgresql/data")).not.toContain("standby.signal");
    await stack.expectVerified();
  });

  test("while the primary's last word did not arrive, waits for it", async ({ stack }) => {
    // Nobody is a primary: shut down as one, started as a standby.
    await stack.shell(
      "pg-2",
      "touch /var/lib/postgresql/data/standby.signal; kill -INT $(head -n 1 /var/lib/postgresql/data/postmaster.pid)",
    );
    await switchTo(stack, "pg-3");
    await stack.expectVerified();
  });
});

async function switchTo(stack: ThrowawayStack, primary: string): Promise<CliResult> {
  await stack.configure({ primary });
  return await stack.up();
}

/** Clients write while `work` is done; they must not lose a row, nor see two primaries, and be able to write afterwards. */
async function underWrites(
  stack: ThrowawayStack,
  work: () => Promise<CliResult>,
): Promise<{ account: WitnessAccount; result: CliResult }> {
  await using witness: Witness = await startWitness({ desired: await stack.desired(), clients: 4, rate: 400 });
  const result = await work();
  await witness.writesAccepted(10_000);
  const account = await witness.stop();
  process.stderr.write(
    `acknowledged ${account.acknowledged}, indeterminate ${account.indeterminate}, longest gap ${account.longestGap.milliseconds.toFixed(0)} ms\n`,
  );
  expect({ ok: account.ok, missing: account.missing, failed: account.failed }).toEqual({
    ok: true,
    missing: [],
    failed: 0,
  });
  return { account, result };
}
