import { test, vi } from "vitest";
import { type StackConfig, ThrowawayStack } from "./throwawayStack.ts";

/** The longest step is the first `up` of a machine that has to build the node image; whatever takes longer hangs. */
vi.setConfig({ testTimeout: 300_000 });

/** A test file's story is told on one cluster: made before its first test that asks for it, removed after its last. */
export function clusterTest(config: StackConfig, nodes?: number) {
  return test.extend<{ $file: { stack: ThrowawayStack } }>({
    stack: [
      // biome-ignore lint/correctness/noEmptyPattern: the library reads the fixture's dependencies from the pattern
      async ({}, use) => {
        await using stack = await ThrowawayStack.create(config, nodes);
        await use(stack);
      },
      { scope: "file" },
    ],
  });
}
