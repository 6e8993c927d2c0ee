import Docker from "dockerode";
import { describe, expect } from "vitest";
import { clusterTest } from "./support/clusterTest.ts";
import { eventually } from "./support/eventually.ts";
import { removeNode } from "./support/removeNode.ts";
import type { ThrowawayStack } from "./support/throwawayStack.ts";

const test = clusterTest({ mode: "quorum" });
const engine = new Docker();

describe("what was cut off in the middle is never mistaken for data", () => {
  test("an initdb", async ({ stack }) => {
    const run = stack.start("up");
    await run.saw(/initialising an empty cluster/);
    await eventually("initdb has begun", async () => (await directories(stack, "pg-1")).includes("initdb"));
    await crash(stack, "pg-1");
    await run.killTree();
    expect(await directories(stack, "pg-1")).toEqual(["initdb"]);
    expect(await stack.node("pg-1").logTail(1)).toContain("waiting for");

    await stack.up();
    await stack.expectVerified();
    expect(await directories(stack, "pg-1")).toEqual(["data"]);
  });

  test("a base backup", async ({ stack }) => {
    const client = await stack.client();
    const { connectionString } = await stack.outputs();
    // Large enough for its backup to take a few seconds.
    const filled = await client.pgbench(connectionString, "--initialize", "--scale=20", "--quiet");
    expect(filled, filled.stderr).toMatchObject({ exitCode: 0 });
    await removeNode(stack, "pg-3", ["data"]);

    const run = stack.start("up", "--refresh");
    await run.saw(/pg-3: base backup from pg-1: \d+ %/);
    await crash(stack, "pg-3");
    await run.killTree();
    expect(await directories(stack, "pg-3")).toEqual(["clone"]);
    expect(await stack.node("pg-3").logTail(1)).toContain("held: being cloned");

    await stack.up();
    await stack.expectVerified();
    expect(await directories(stack, "pg-3")).toEqual(["data"]);
    expect(await accounts(stack, "pg-3")).toBe(2_000_000);
  });
});

describe("what was removed by hand is made again", () => {
  test("containers, and a node's configuration; one that was stopped runs again", async ({ stack }) => {
    await removeNode(stack, "pg-1", []);
    await removeNode(stack, "pg-2", ["config"]);
    await engine.getContainer(stack.containerName("pg-3")).stop();
    await stack.up("--refresh");
    await stack.expectVerified();
    for (const node of stack.nodeNames) expect(await accounts(stack, node)).toBe(2_000_000);
  });

  test("but never an empty primary beside standbys that hold data", async ({ stack }) => {
    await removeNode(stack, "pg-1", ["data"]);
    const { code, output } = await stack.start("up", "--refresh").ended;
    expect(code).not.toBe(0);
    expect(output).toMatch(/primary pg-1 has no data, but pg-2, pg-3 has/);
    expect(await directories(stack, "pg-1")).toEqual([]);
    for (const node of ["pg-2", "pg-3"]) expect(await accounts(stack, node)).toBe(2_000_000);
  });
});

/** Directories on a node's data volume. */
async function directories(stack: ThrowawayStack, node: string): Promise<string[]> {
  const listed = await stack.shell(node, "cd /var/lib/postgresql && ls -d */ 2> /dev/null || true");
  return listed.split("\n").flatMap((line) => line.replace(/\/$/, "") || []);
}

async function accounts(stack: ThrowawayStack, node: string): Promise<number> {
  const [row] = await stack.appSql<{ count: string }>(node, "select count(*) from pgbench_accounts");
  return Number(row!.count);
}

/** As when the machine loses power: every process of the container ends at once; then it is up again. */
async function crash(stack: ThrowawayStack, node: string): Promise<void> {
  const container = engine.getContainer(stack.containerName(node));
  await container.kill();
  await container.start();
}
