import type { Mode, ResourcesSpec, SynchronousSpec } from "./spec.ts";

/**
 * Everything that is derived from a ClusterSpec: names, roles, slots, files. Pure data without secrets; it is what the
 * post-deploy hook converges to, and (as text) what a preview shows as the hook's `environment`.
 */
export interface ClusterPlan {
  readonly stack: string;
  readonly mode: Mode;
  readonly postgresVersion: number;
  readonly network: string;
  readonly database: string;
  /** The role that owns `database` and that applications log in with. Equal to `database`. */
  readonly owner: string;
  readonly primary: string;
  readonly synchronous?: SynchronousSpec;
  /** Value of synchronous_standby_names once the quorum is on; "" in async mode. Names every node: a node is never its own standby. */
  readonly synchronousStandbyNames: string;
  readonly nodes: readonly NodePlan[];
}

export interface NodePlan {
  readonly name: string;
  readonly role: "primary" | "standby";
  /** `<stack>-<name>`. */
  readonly container: string;
  /** `<stack>-<name>-data`, mounted at /var/lib/postgresql. */
  readonly dataVolume: string;
  /** `<stack>-<name>-config`, mounted at /etc/postgres-cluster. */
  readonly configVolume: string;
  /** Published host address and port. */
  readonly publishAddress: string;
  readonly port: number;
  /** Physical replication slot that this node uses on whichever node is primary: the name with `-` as `_`. */
  readonly slot: string;
  /** application_name and cluster_name: the node's name. */
  readonly applicationName: string;
  readonly resources: ResourcesSpec;
  /** Declared files by name (`postgresql.conf`, `pg_hba.conf`, `pg_ident.conf`): byte-exact text. */
  readonly files: Readonly<Record<string, string>>;
}
