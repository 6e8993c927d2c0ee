import type { ModeRules } from "./modeRules.ts";

/** Physical streaming that no commit waits for: fast, and a lost primary may take its last commits with it. */
export const async: ModeRules = {
  minimumNodes: 1,
  minimumNodesReason: "a cluster has at least its primary",
  readSynchronous(raw, _nodeCount, faults) {
    if (raw.synchronous !== undefined) {
      faults.add({
        path: "synchronous",
        value: raw.synchronous,
        problem: "in async mode no commit waits for a standby",
        allowed: "nothing; the key belongs to mode quorum",
        remedy: "remove it, or set postgres-cluster:mode to quorum",
      });
    }
    return undefined;
  },
  synchronousStandbyNames: () => "",
};
