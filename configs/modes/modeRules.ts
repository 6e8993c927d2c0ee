import type { NodeRole } from "../plan.ts";
import type { RawConfig } from "../rawConfig.ts";
import type { ClusterSpec, LogicalSpec } from "../spec.ts";
import type { Faults } from "../validation/faults.ts";
import type { NodeParameters } from "../validation/nodeParameters.ts";

/** What a mode adds to the rules that hold for every cluster. One file per mode implements it; `modes.ts` registers it. */
export interface ModeRules {
  /** Fewest nodes with which the mode keeps its promise. */
  readonly minimumNodes: number;
  /** Why there must be so many: the sentence that a user with too few nodes is shown. */
  readonly minimumNodesReason: string;
  /** What the declared primary and the other nodes are in this mode. */
  readonly nodeRoles: { readonly primary: NodeRole; readonly other: NodeRole };
  /** Keys of a stack config that belong to this mode; in others they are refused. */
  readonly keys: readonly string[];
  /** Reads these keys, reports what is wrong with them, and fills in their defaults. */
  readKeys(raw: RawConfig, cluster: ReadCluster, faults: Faults): ModeSpec;
  /** PostgreSQL's parameters that differ from the defaults of every cluster. A user may override them. */
  readonly defaultParameters: Readonly<Record<string, string>>;
  /** Finds parameters with which this mode's replication would not run, or not keep its promise. Each value by itself is valid by now. */
  checkParameters(nodes: readonly NodeParameters[], primary: NodeParameters | undefined, faults: Faults): void;
  /** Value of `synchronous_standby_names` when replication is fully on; "" for none. */
  synchronousStandbyNames(spec: ClusterSpec): string;
}

/** What a mode's keys have to agree with, as far as it could be read. */
export interface ReadCluster {
  /** Of all nodes, in declared order; undefined for a name that is itself at fault, and where there is no list. */
  readonly nodes: readonly (string | undefined)[] | undefined;
  readonly primary: string | undefined;
  readonly database: string | undefined;
  /** Undefined where the stack has nothing to do with mode logical. */
  readonly readLogical: ReadLogical | undefined;
}

/** Reads the keys of mode logical. Handed over from outside, because a parser of SQL must be loaded for it. */
export type ReadLogical = (raw: RawConfig, cluster: ReadCluster, faults: Faults) => LogicalSpec;

/** The part of a spec that a mode reads by itself. */
export type ModeSpec = Pick<ClusterSpec, "synchronous" | "logical">;
