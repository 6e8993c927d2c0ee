import { describe, expect } from "vitest";
import { clusterTest } from "./support/clusterTest.ts";
import type { ThrowawayStack } from "./support/throwawayStack.ts";
import { WriteLoad } from "./support/writeLoad.ts";

const test = clusterTest({ mode: "async" });

describe("an async cluster", () => {
  test("comes up from nothing by plain pulumi up, and is verified", async ({ stack }) => {
    await stack.pulumi("stack", "init", "--no-select");
    await stack.pulumi("up", "--yes", "--skip-preview");
    await stack.expectVerified();
    expect(await synchrony(stack)).toEqual({ "pg-2": "async", "pg-3": "async" });
    await stack.pulumi("up", "--yes", "--skip-preview", "--expect-no-changes");
  });

  test("becomes a quorum cluster and async again on the same data, under load, without a restart", async ({
    stack,
  }) => {
    const servers = await startTimes(stack);
    const load = await WriteLoad.start(stack);

    await stack.configure({ mode: "quorum" });
    await stack.up();
    expect(await synchrony(stack)).toEqual({ "pg-2": "quorum", "pg-3": "quorum" });
    await stack.expectVerified();

    await stack.configure({ mode: "async" });
    await stack.up();
    expect(await synchrony(stack)).toEqual({ "pg-2": "async", "pg-3": "async" });
    await stack.expectVerified();

    const { acknowledged, errors, rows } = await load.stop();
    expect(errors).toEqual([]);
    expect(acknowledged).toBeGreaterThan(100);
    expect(rows).toBe(acknowledged);
    expect(await startTimes(stack)).toEqual(servers);
  });
});

async function synchrony(stack: ThrowawayStack) {
  const rows = await stack.sql<{ name: string; state: string }>(
    "pg-1",
    "select application_name as name, sync_state as state from pg_stat_replication order by 1",
  );
  return Object.fromEntries(rows.map(({ name, state }) => [name, state]));
}

async function startTimes(stack: ThrowawayStack) {
  const rows = stack.nodeNames.map((node) => stack.sql(node, "select pg_postmaster_start_time()::text"));
  return Promise.all(rows);
}
