import { describe, expect, test } from "vitest";
import { parseInterruption } from "../../../toolchain/state/pendingOperations.ts";

const resource = {
  urn: "urn:pulumi:q::p::docker:index/container:Container::pg-1",
  type: "docker:index/container:Container",
};
const latest = {
  resources: [{ urn: "urn:stack" }, { urn: "urn:net", id: "net-id" }],
  pending_operations: [{ type: "creating", resource }],
};

describe("an interruption is read", () => {
  test.each([
    ["a state file", { version: 3, checkpoint: { latest } }],
    ["an export", { version: 3, deployment: latest }],
  ])("from %s", (_source, state) => {
    expect(parseInterruption(JSON.stringify(state))).toEqual({
      pending: latest.pending_operations,
      knownIds: new Set(["net-id"]),
    });
  });

  test.each([
    ["a state without pending operations", { checkpoint: { latest: { resources: [] } } }],
    ["an empty list", { checkpoint: { latest: { pending_operations: [] } } }],
    ["a stack that was only created", { checkpoint: {} }],
  ])("as none from %s", (_source, state) => {
    expect(parseInterruption(JSON.stringify(state))).toBeUndefined();
  });
});
