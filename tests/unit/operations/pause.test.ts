import type Docker from "dockerode";
import { expect, test, vi } from "vitest";
import { NodeContainer } from "../../../operations/docker.ts";

const engineError = (message: string) => Object.assign(new Error(message), { statusCode: 500 });
const unableToFreeze = engineError("Cannot pause container: OCI runtime pause failed: unable to freeze: unknown");

function nodeThatAnswers(pause: () => Promise<void>): NodeContainer {
  return new NodeContainer("quorum-pg-1", { getContainer: () => ({ pause }) } as unknown as Docker);
}

test("a container in which a process appears at that moment is frozen by another try", async () => {
  const pause = vi.fn<() => Promise<void>>().mockRejectedValueOnce(unableToFreeze).mockResolvedValue();
  await nodeThatAnswers(pause).pause();
  expect(pause).toHaveBeenCalledTimes(2);
});

test("any other failure to freeze is told at once", async () => {
  const pause = vi.fn<() => Promise<void>>().mockRejectedValue(engineError("is not running"));
  await expect(nodeThatAnswers(pause).pause()).rejects.toThrow("is not running");
  expect(pause).toHaveBeenCalledTimes(1);
});
