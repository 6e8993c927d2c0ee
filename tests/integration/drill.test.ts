import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect } from "vitest";
import type { DrillResult } from "../../operations/drill/drill.ts";
import { startWitness } from "../../operations/witness/witness.ts";
import { ownerPassword } from "./support/application.ts";
import { clusterTest } from "./support/clusterTest.ts";
import { eventually } from "./support/eventually.ts";
import type { ThrowawayStack } from "./support/throwawayStack.ts";

const test = clusterTest({ mode: "quorum" });

describe("a drill loses no acknowledged row, sees one primary, and leaves a cluster that is whole", () => {
  test("when a standby is killed: writes go on", async ({ stack }) => {
    await stack.up();
    const { account, victims, faultAt, recoveryAt } = await drill(stack, "replica-loss", "--seconds", "4.5");
    expect(victims).toEqual(["pg-2"]);
    expect(account.longestGap.milliseconds).toBeLessThan(recoveryAt - faultAt);
    expect(account).toMatchObject({ failed: 0, indeterminate: 0 });
    expect(account.lag.some(({ nodes }) => nodes[1]!.state === "stopped")).toBe(true);
  });

  test("when the primary is frozen: writes stand still for as long, and go on", async ({ stack }) => {
    const { account, faultAt, recoveryAt } = await drill(stack, "pause", "--seconds", "4.5");
    expect(recoveryAt - faultAt).toBeGreaterThan(700);
    expect(account.longestGap.milliseconds).toBeGreaterThan(recoveryAt - faultAt - 200);
  });

  test("when the primary is killed and started again: what was under way is indeterminate", async ({ stack }) => {
    const { account, victims } = await drill(stack, "kill", "--seconds", "3");
    expect(victims).toEqual(["pg-1"]);
    expect(account.indeterminate).toBeGreaterThan(0);
    expect(account.indeterminate).toBeLessThanOrEqual(8);
    await stack.expectVerified();
  });

  test("when it is interrupted while the primary is cut off from the network: the fault is undone", async ({
    stack,
  }) => {
    const run = stack.start("drill", "--scenario", "network", "--seconds", "9");
    await run.saw(/pg-1 is cut off/);
    run.pressCtrlC();
    const { code, output } = await run.ended;
    expect(code, output).toBe(130);
    expect(output).not.toMatch(/is on the network again/);
    await stack.expectVerified();
    expect(await witnessSchemas(stack)).toEqual([]);
  });
});

describe("the witness is not blind", () => {
  test("to commits whose wait for standbys was cancelled, to rows that are gone, and to rows that are there twice", async ({
    stack,
  }) => {
    await using witness = await startWitness({ desired: await stack.desired(), clients: 4, rate: 400 });
    await witness.writesAccepted(10_000);
    const [schema] = await witnessSchemas(stack);
    const removed = await stack.appSql(
      "pg-1",
      `delete from ${schema}.rows where client = 2 and number <= 3 returning 1`,
    );
    await stack.appSql("pg-1", `insert into ${schema}.rows values (1, 1), (9, 9)`);

    const standbys = ["pg-2", "pg-3"].map((node) => stack.node(node));
    await Promise.all(standbys.map((standby) => standby.pause()));
    try {
      const waiting = "application_name like 'postgres-cluster witness %' and wait_event = 'SyncRep'";
      await eventually("all writers wait for standbys", async () => {
        const [row] = await stack.sql("pg-1", `select count(*)::int from pg_stat_activity where ${waiting}`);
        return row!.count === 4;
      });
      const [first] = await stack.sql("pg-1", `select pid from pg_stat_activity where ${waiting} limit 1`);
      await stack.sql("pg-1", "select pg_terminate_backend($1)", [first!.pid]);
      await stack.sql("pg-1", `select pg_cancel_backend(pid) from pg_stat_activity where ${waiting}`);
      await eventually("all four know that they know nothing", async () => witness.soFar.indeterminate >= 4);
    } finally {
      await Promise.all(standbys.map((standby) => standby.unpause()));
    }
    await witness.writesAccepted(10_000);
    const account = await witness.stop();
    expect(removed).toHaveLength(3);
    expect(account.missing.map(({ client, number }) => ({ client, number }))).toEqual(
      [1, 2, 3].map((number) => ({ client: 2, number })),
    );
    expect(account.repeated).toEqual([{ client: 1, number: 1, times: 2 }]);
    expect(account.neverSent).toEqual([{ client: 9, number: 9, times: 1 }]);
    expect(account).toMatchObject({
      ok: false,
      failed: 0,
      failedButPresent: [],
      splitBrain: [],
      indeterminateAbsent: 0,
    });
    expect(account.indeterminatePresent).toBeGreaterThanOrEqual(4);
    expect(await witnessSchemas(stack)).toEqual([]);
  });

  test("to a second primary", async ({ stack }) => {
    await using witness = await startWitness({ desired: await stack.desired(), clients: 2, rate: 100 });
    await stack.sql("pg-3", "select pg_promote()");
    await witness.writesAccepted(10_000);
    const { ok, splitBrain } = await witness.stop();
    expect(ok).toBe(false);
    expect(splitBrain).toMatchObject([
      { earlier: { node: "pg-3", timeline: 2 }, later: { node: "pg-1", timeline: 1 } },
    ]);
  });
});

/** A drill that has to succeed. Neither what it prints nor what it writes holds the password. */
async function drill(stack: ThrowawayStack, scenario: string, ...options: readonly string[]): Promise<DrillResult> {
  const folder = await mkdtemp(join(tmpdir(), "postgres-cluster-drill-"));
  try {
    const { output } = await stack.start("drill", "--scenario", scenario, "--output", folder, ...options).succeeded();
    const files = (await readdir(folder)).sort();
    expect(files.map((file) => file.replace(/\d{8}T\d{6}Z/, "TIME"))).toEqual([
      `drill-${stack.name}-${scenario}-TIME.html`,
      `drill-${stack.name}-${scenario}-TIME.json`,
    ]);
    const [page, json] = await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")));
    const password = ownerPassword((await stack.outputs()).connectionString);
    for (const text of [output, page, json]) expect(text).not.toContain(password);
    expect(output).toContain("No acknowledged row is lost, and never did two nodes accept writes.");
    expect(page).toContain("<svg");
    const result: DrillResult = JSON.parse(json!);
    expect(result).toMatchObject({
      ok: true,
      account: { missing: [], splitBrain: [], repeated: [], failedButPresent: [] },
    });
    expect(result.account.acknowledged).toBeGreaterThan(100);
    expect(await witnessSchemas(stack)).toEqual([]);
    return result;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function witnessSchemas(stack: ThrowawayStack): Promise<string[]> {
  const rows = await stack.appSql<{ nspname: string }>(
    "pg-1",
    "select nspname from pg_namespace where nspname like 'postgres\\_cluster\\_witness\\_%'",
  );
  return rows.map(({ nspname }) => nspname);
}
