import type { ThrowawayStack } from "./throwawayStack.ts";

/** How long so many verifications take, in milliseconds each; every one must find nothing. */
export async function verifyTimes(stack: ThrowawayStack, runs: number): Promise<number[]> {
  const times: number[] = [];
  while (times.length < runs) times.push((await stack.expectVerified()).milliseconds);
  return times;
}
