import Docker from "dockerode";
import { describe, expect, vi } from "vitest";
import { labels } from "../../configs/labels.ts";
import type { LoadResult } from "../../operations/load/load.ts";
import type { PhysicalView } from "../../operations/watch/physicalView.ts";
import { connectApplication, ownerPassword } from "./support/application.ts";
import type { CliRun } from "./support/cliRun.ts";
import { clusterTest } from "./support/clusterTest.ts";
import { eventually } from "./support/eventually.ts";
import type { ThrowawayStack } from "./support/throwawayStack.ts";

const test = clusterTest({ mode: "quorum" });
const engine = new Docker();
vi.setConfig({ testTimeout: 120_000 });

describe("load", () => {
  test("inserts as many rows as it is told, each acknowledged, each on every node", async ({ stack }) => {
    await stack.up();
    const result = await resultOf(stack.start("load", "--rows", "1003", "--clients", "10", "--json"));
    expect(result).toMatchObject({ code: 0, requested: 1003, acknowledged: 1003, failed: 0, rowsInTable: 1003 });
    const { p50, p95, p99, max } = result.latencyMilliseconds!;
    expect([0, p50, p95, p99, max]).toEqual([0, p50, p95, p99, max].sort((a, b) => a - b));
    for (const node of stack.nodeNames) {
      await eventually(`the rows are on ${node}`, async () => {
        const numbers = `select count(distinct number) as count, min(number), max(number) from public.load where run = $1`;
        const [row] = await stack.appSql(node, numbers, [result.run]);
        return row!.count === "1003" && row!.min === "1" && row!.max === "1003";
      });
    }
  });

  test("reads them from the standbys", async ({ stack }) => {
    const result = await resultOf(stack.start("load", "--rows", "501", "--read", "--json"));
    expect(result).toMatchObject({ code: 0, operation: "read", acknowledged: 501, failed: 0 });
    expect(result.nodes.map(({ node, acknowledged }) => [node, acknowledged])).toEqual([
      ["pg-2", 251],
      ["pg-3", 250],
    ]);
  });

  test("refuses a table that is not its own", async ({ stack }) => {
    const application = await connectApplication(stack);
    await application.query("create table orders (id int primary key)");
    await application.end();
    const { code, output } = await stack.start("load", "--rows", "1", "--table", "orders").ended;
    expect(code).toBe(1);
    expect(output).toMatch(
      /Table public\.orders is there, and is none of load's: it has \(id integer; primary key: id\)/,
    );
  });

  test("counts what failed: sessions that were ended on the primary", async ({ stack }) => {
    const run = await loadAtWork(stack);
    await stack.sql("pg-1", `select pg_terminate_backend(pid) from pg_stat_activity where ${sessions}`);
    const result = await resultOf(run);
    expect(result).toMatchObject({ code: 1, failed: 8, unconfirmed: 0 });
    expect(result.acknowledged).toBeLessThan(result.requested);
    expectRowsOf(result);
    expect(result.errors).toContainEqual(
      expect.objectContaining({ text: expect.stringContaining("terminating connection due to administrator command") }),
    );
  });

  test("acknowledges no commit that the standbys did not confirm", async ({ stack }) => {
    const run = await loadAtWork(stack);
    const standbys = ["pg-2", "pg-3"].map((node) => engine.getContainer(stack.containerName(node)));
    await Promise.all(standbys.map((standby) => standby.pause()));
    try {
      const waiting = `${sessions} and wait_event = 'SyncRep'`;
      await eventually("all sessions wait for standbys", async () => {
        const [row] = await stack.sql("pg-1", `select count(*)::int from pg_stat_activity where ${waiting}`);
        return row!.count === 8;
      });
      await stack.sql("pg-1", `select pg_cancel_backend(pid) from pg_stat_activity where ${waiting}`);
      await run.saw(/8 not confirmed by standbys/);
    } finally {
      await Promise.all(standbys.map((standby) => standby.unpause()));
    }
    run.pressCtrlC();
    const result = await resultOf(run);
    expect(result).toMatchObject({ code: 130, failed: 0, unconfirmed: 8 });
    expectRowsOf({ ...result, acknowledged: result.acknowledged + 8 });
  });

  test("stopped by Ctrl-C says what was acknowledged, and leaves no container", async ({ stack }) => {
    const run = await loadAtWork(stack);
    const [container] = await throwAways(stack);
    const seen = JSON.stringify([
      await engine.getContainer(container!).inspect(),
      await engine.getContainer(container!).top({ ps_args: "aux" }),
    ]);
    expect(seen).toContain("pgbench");
    expect(seen).not.toContain(ownerPassword((await stack.outputs()).connectionString));

    run.pressCtrlC();
    const result = await resultOf(run);
    expect(result).toMatchObject({ code: 130, failed: 0 });
    expect(result.acknowledged).toBeGreaterThan(0);
    expect(result.acknowledged).toBeLessThan(result.requested);
    expectRowsOf(result);
    expect(await throwAways(stack)).toEqual([]);
  });

  test("leaves no container when it is killed, either", async ({ stack }) => {
    const run = await loadAtWork(stack);
    expect(await throwAways(stack)).toHaveLength(1);
    await run.killTree();
    await eventually("the container has gone", async () => (await throwAways(stack)).length === 0);
  });
});

describe("watch", () => {
  test("shows lag and throughput, a node that is down and is back, and ends by Ctrl-C", async ({ stack }) => {
    const watch = stack.start("watch", "--interval", "0.3", "--json");
    const load = stack.start("load", "--rows", "1500", "--rate", "500");
    await watch.saw(/"node":"pg-1","role":"primary",[^}]*"rowsInsertedPerSecond":[1-9]\d\d/);
    await watch.saw(/"node":"pg-2","role":"standby","state":"streaming","syncState":"quorum"/);
    await watch.saw(/"node":"pg-3",[^}]*"walBytesPerSecond":[1-9]/);
    expect((await load.ended).code).toBe(0);

    const standby = engine.getContainer(stack.containerName("pg-3"));
    await standby.stop();
    await watch.saw(/"node":"pg-3","role":"unknown","state":"stopped"/);
    await standby.start();
    await watch.saw(/"state":"stopped"[\s\S]*"node":"pg-3","role":"standby","state":"streaming"/);

    watch.pressCtrlC();
    const { code, output } = await watch.ended;
    expect(code).toBe(0);
    const views = output
      .split("\n")
      .flatMap((line): PhysicalView[] => (line.startsWith("{") ? [JSON.parse(line)] : []));
    expect(views.length).toBeGreaterThan(10);
    for (const { nodes } of views) expect(nodes.map(({ node }) => node)).toEqual(stack.nodeNames);
  });

  test("keeps one connection a node, and writes a line each time where there is no terminal", async ({ stack }) => {
    const watch = stack.start("watch", "--interval", "0.2");
    await watch.saw(/(\| pg-1 primary .* \| pg-3 standby streaming quorum.*\n[\s\S]*){5}/);
    const own = "application_name = 'postgres-cluster' and pid <> pg_backend_pid()";
    for (const node of stack.nodeNames) {
      const [row] = await stack.sql(node, `select count(*)::int from pg_stat_activity where ${own}`);
      expect(row).toEqual({ count: 1 });
    }
    watch.pressCtrlC();
    expect((await watch.ended).code).toBe(0);
    for (const node of stack.nodeNames) {
      await eventually(`the connection to ${node} has gone`, async () => {
        const [row] = await stack.sql(node, `select count(*)::int from pg_stat_activity where ${own}`);
        return row!.count === 0;
      });
    }
  });
});

/** The connections of pgbench, in pg_stat_activity. */
const sessions = "application_name like 'postgres-cluster load %' and backend_type = 'client backend'";

/** A load that would take minutes, with its first rows acknowledged. */
async function loadAtWork(stack: ThrowawayStack): Promise<CliRun> {
  const run = stack.start("load", "--rows", "1000000", "--json");
  await run.saw(/[1-9][\d,]* of 1,000,000 rows acknowledged/);
  return run;
}

/** No acknowledged row is missing. What was under way on the eight connections may have been committed without an answer. */
function expectRowsOf({ rowsInTable, acknowledged }: LoadResult): void {
  expect(rowsInTable! - acknowledged).toBeGreaterThanOrEqual(0);
  expect(rowsInTable! - acknowledged).toBeLessThanOrEqual(8);
}

async function resultOf(run: CliRun): Promise<LoadResult & { code: number | null }> {
  const { code, output } = await run.ended;
  const [json] = /^\{\n[\s\S]*?^\}$/m.exec(output) ?? [];
  if (json === undefined) throw new Error(`no result (exit code ${code}):\n${output}`);
  return { ...JSON.parse(json), code };
}

/** Containers that a command made for itself. */
async function throwAways(stack: ThrowawayStack): Promise<string[]> {
  const filters = { label: [`${labels.stack}=${stack.name}`, labels.throwAway] };
  return (await engine.listContainers({ all: true, filters })).map(({ Id }) => Id);
}
