import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { clusterTest } from "./support/clusterTest.ts";
import { dockerObjectsOf, removeDockerObjects } from "./support/dockerObjects.ts";
import type { ThrowawayStack } from "./support/throwawayStack.ts";

const test = clusterTest({ mode: "quorum" });

/** In the order in which `up` comes by, so that each `up` below gets further than the one before. */
const moments: readonly (readonly [string, RegExp])[] = [
  ["the network is being created", /docker:index:Network network creating/],
  ["containers are being created", /docker:index:Container pg-\d creating/],
  ["a container is there", /docker:index:Container pg-\d created/],
  ["configuration is being written", /command:local:Command pg-\d-files creating/],
  ["an empty cluster is being initialised", /initialising an empty cluster/],
  ["roles are being created", /pg-1: roles /],
  ["a base backup is on its way", /base backup from pg-1: \d+ %/],
  ["a base backup is in place", /base backup verified and put in place/],
  ["the quorum has been switched on", /commits now wait for/],
];

describe("an up that is killed with all that it has started", () => {
  test.for(moments)("while %s, and run again", async ([, moment], { stack }) => {
    const run = stack.start("up");
    await run.saw(moment);
    expect((await run.killTree()).signal).toBe("SIGKILL");
  });

  test("ends in the same verified cluster", async ({ stack }) => {
    const { output } = await stack.up();
    expect(output).toContain("verified: ");
    await stack.expectVerified();
    await expectNothingUnderWay(stack);
    await stack.up("--expect-no-changes");
  });
});

describe("an up that is cancelled by Ctrl-C", () => {
  const cancelled = moments.filter((_, index) => [1, 3].includes(index));

  test.for(cancelled)("while %s, stops cleanly", async ([, moment], { stack }) => {
    if (moment === cancelled[0]![1]) await removeEverything(stack);
    const run = stack.start("up");
    await run.saw(moment);
    run.interrupt();
    expect((await run.ended).code).toBe(130);
    await expectNothingUnderWay(stack);
  });

  test("stops cleanly as plain pulumi, too", async ({ stack }) => {
    // The `up` before may have been further than what was seen of it: it may have initialised the cluster.
    await removeEverything(stack);
    const run = stack.startPulumi(["up", "--yes", "--skip-preview"]);
    // Early in the hook: what is seen has happened a while ago, and the run must not end by itself.
    await run.saw(/initialising an empty cluster/);
    run.pressCtrlC();
    expect((await run.ended).code).not.toBe(0);
    await expectNothingUnderWay(stack);
  });

  test("and run again ends in the same verified cluster, whoever else tries meanwhile", async ({ stack }) => {
    const run = stack.startPulumi(["up", "--yes", "--skip-preview"]);
    await run.saw(/command:local:Command convergence creating/);
    const second = await stack.start("up").ended;
    expect(second.code).toBe(1);
    expect(second.output).toMatch(/is being changed by process \d+/);
    await run.succeeded();
    await stack.expectVerified();
  });
});

/** Neither a lock nor an operation that Pulumi doesn't know the end of. */
async function expectNothingUnderWay(stack: ThrowawayStack): Promise<void> {
  const { deployment } = JSON.parse((await stack.pulumi("stack", "export")).output);
  expect(deployment.pending_operations ?? []).toEqual([]);
  const files = await readdir(join(stack.project.root, "state"), { recursive: true });
  expect(files.filter((file) => /\/locks\/.*\.json$/.test(file))).toEqual([]);
}

/** Back to nothing: no container, no data, and a state that knows it. */
async function removeEverything(stack: ThrowawayStack): Promise<void> {
  await stack.pulumi("destroy", "--yes", "--skip-preview");
  await removeDockerObjects(await dockerObjectsOf(stack.name));
}
