/** What a stack config declares, validated and with every default filled in. Plain data; units are in the names or documented. */
export interface ClusterSpec {
  /** The Pulumi stack's name; prefixes every container, volume and network. */
  readonly stack: string;
  readonly mode: Mode;
  readonly failover: Failover;
  /** In declared order; identity is the name, never the index. */
  readonly nodes: readonly NodeSpec[];
  /** Name of the node that accepts writes. */
  readonly primary: string;
  /** Set in quorum mode only. */
  readonly synchronous?: SynchronousSpec;
  /** Name of the application's database and of the role that owns it. */
  readonly database: string;
  /** Host address on which the nodes' ports are published. */
  readonly publishAddress: string;
  readonly postgresVersion: number;
}

/** What happens when the primary is lost. `automatic` comes later. */
export type Failover = "manual";

export type Mode = "async" | "quorum";

export interface SynchronousSpec {
  readonly method: "any" | "first";
  /** How many standbys must have flushed a commit before it is acknowledged. */
  readonly number: number;
  /** Writes wait while too few standbys are there. */
  readonly dataDurability: "required";
}

export interface NodeSpec {
  /** A DNS label: lower-case letters, digits, hyphens. */
  readonly name: string;
  /** Published host port. */
  readonly port: number;
  /** Effective user parameters of this node: the cluster's `parameters`, overridden by the node's own. Values as PostgreSQL reads them. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly resources: ResourcesSpec;
}

/** All in bytes, as integers; `cpus` in cores. */
export interface ResourcesSpec {
  readonly memory: number;
  readonly shmSize: number;
  readonly cpus?: number;
}
