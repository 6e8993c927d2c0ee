import type { RawConfig } from "../rawConfig.ts";
import type { ClusterSpec, SynchronousSpec } from "../spec.ts";
import type { Faults } from "../validation/faults.ts";

/** What a mode adds to the rules that hold for every cluster. One file per mode implements it; `modes.ts` registers it. */
export interface ModeRules {
  /** Fewest nodes with which the mode keeps its promise. */
  readonly minimumNodes: number;
  /** Why there must be so many: the sentence that a user with too few nodes is shown. */
  readonly minimumNodesReason: string;
  /**
   * Reads `synchronous` from the raw config and reports what the mode does not allow; undefined where the mode has none.
   * `nodeCount` is undefined where the nodes could not be read.
   */
  readSynchronous(raw: RawConfig, nodeCount: number | undefined, faults: Faults): SynchronousSpec | undefined;
  /** Values of `synchronous_commit` that keep the mode's promise, with the reason; undefined: all of them. */
  readonly synchronousCommit?: { readonly allowed: readonly string[]; readonly reason: string };
  /** Value of `synchronous_standby_names` when replication is fully on; "" for none. */
  synchronousStandbyNames(spec: ClusterSpec): string;
}
