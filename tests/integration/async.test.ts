import Docker from "dockerode";
import { describe, expect } from "vitest";
import { clusterTest } from "./support/clusterTest.ts";
import { eventually } from "./support/eventually.ts";
import { freePorts } from "./support/freePorts.ts";
import type { ThrowawayStack } from "./support/throwawayStack.ts";
import { WriteLoad } from "./support/writeLoad.ts";

const test = clusterTest({ mode: "async", parameters: { max_slot_wal_keep_size: "64MB" } });

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

  test("clones a standby again that missed more WAL than its slot may hold back", async ({ stack }) => {
    await new Docker().getContainer(stack.containerName("pg-3")).stop();
    await eventually("the slot of pg-3 has lost WAL", async () => {
      await stack.sql("pg-1", "select pg_logical_emit_message(true, 'test', 'some WAL')");
      await stack.sql("pg-1", "select pg_switch_wal()");
      await stack.sql("pg-1", "checkpoint");
      const [slot] = await stack.sql("pg-1", "select wal_status from pg_replication_slots where slot_name = 'pg_3'");
      return slot?.wal_status === "lost";
    });
    const { findings } = await stack.verify();
    expect(findings).toContainEqual(
      expect.objectContaining({ check: "slots", node: "pg-3", detail: expect.stringContaining("lost WAL") }),
    );
    const { output } = await stack.up();
    expect(output).toContain("pg-3: base backup from pg-1");
    await stack.expectVerified();
  });

  test("grows by a node, and shrinks again", async ({ stack }) => {
    const [port] = await freePorts(1);
    const three = stack.nodes();
    await stack.configure({ nodes: [...three, { name: "pg-4", port }] });
    await stack.up();
    await stack.expectVerified();
    expect(Object.keys(await synchrony(stack))).toEqual(["pg-2", "pg-3", "pg-4"]);

    await stack.configure({ nodes: three });
    await stack.up();
    await stack.expectVerified();
    expect(Object.keys(await synchrony(stack))).toEqual(["pg-2", "pg-3"]);
    expect(await stack.sql("pg-1", "select slot_name from pg_replication_slots order by 1")).toEqual([
      { slot_name: "pg_2" },
      { slot_name: "pg_3" },
    ]);
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
