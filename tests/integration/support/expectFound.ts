import { expect } from "vitest";
import type { Report } from "../../../operations/report.ts";
import { eventually } from "./eventually.ts";
import type { Fault } from "./faults.ts";
import type { ThrowawayStack } from "./throwawayStack.ts";

/** The verification finds the fault for the right reason, blames nothing else, and the advised repair mends it. */
export async function expectFound(
  { inflict, found, consequences = [], repair }: Fault,
  stack: ThrowawayStack,
): Promise<void> {
  await inflict(stack);
  try {
    const failed = failures(await stack.verify());
    for (const [finding, reason] of Object.entries(found)) expect(failed[finding], finding).toMatch(reason);
    const explained = [...Object.keys(found), ...consequences];
    expect(Object.keys(failed).filter((finding) => !explained.includes(finding))).toEqual([]);
  } finally {
    // Also after a failure: the next fault needs a healthy cluster.
    await repair(stack);
    await eventually("verified again", async () => (await stack.verify()).ok, 30_000);
  }
}

/** What failed and why, by `check node`. */
function failures({ findings }: Report): Record<string, string> {
  const failed = findings.filter(({ ok }) => !ok);
  return Object.fromEntries(failed.map(({ check, node = "cluster", detail }) => [`${check} ${node}`, detail]));
}
