import type { TableName } from "./tableName.ts";

/** What a stack config declares, validated and with every default filled in. Plain data; units are in the names or documented. */
export interface ClusterSpec {
  /** The Pulumi stack's name; prefixes every container, volume and network. */
  readonly stack: string;
  readonly mode: Mode;
  readonly failover: Failover;
  /** In declared order; identity is the name, never the index. */
  readonly nodes: readonly NodeSpec[];
  /** Name of the node that accepts writes; in logical mode the publisher, the one node whose changes reach others. */
  readonly primary: string;
  /** Set in quorum mode only. */
  readonly synchronous?: SynchronousSpec;
  /** Set in logical mode only. */
  readonly logical?: LogicalSpec;
  /** Name of the application's database and of the role that owns it. */
  readonly database: string;
  /** Host address on which the nodes' ports are published. */
  readonly publishAddress: string;
  readonly postgresVersion: number;
}

/** What happens when the primary is lost. `automatic` comes later. */
export type Failover = "manual";

export type Mode = "async" | "quorum" | "logical";

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

export interface LogicalSpec {
  /** Applied on every node, in this order. */
  readonly schemaFiles: readonly SchemaFile[];
  /** In declared order; identity is the name. */
  readonly publications: readonly PublicationSpec[];
  /** How a new subscriber gets the rows that are there already. */
  readonly initialCopy: InitialCopy;
}

export interface SchemaFile {
  /** As declared: relative to the folder of the stack configs, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** `copy`: table by table, by the subscriptions themselves. `fromBaseBackup`: the whole server at once. */
export const initialCopies = ["copy", "fromBaseBackup"] as const;
export type InitialCopy = (typeof initialCopies)[number];

export interface PublicationSpec {
  readonly name: string;
  readonly content: PublicationContent;
  /** Some of `operations`, in their order. */
  readonly operations: readonly Operation[];
  /** Names of the nodes that subscribe to it, in the order of the nodes; never the publisher. */
  readonly subscribers: readonly string[];
}

/** What a publication publishes. */
export type PublicationContent =
  | { readonly kind: "tables"; readonly tables: readonly PublishedTable[] }
  | { readonly kind: "schemas"; readonly schemas: readonly string[] }
  | { readonly kind: "allTables" };

/** Names are PostgreSQL's exact ones: not folded, not quoted. */
export interface PublishedTable extends TableName {
  /** Left out: all columns, also those that come later. */
  readonly columns?: readonly string[];
  /** A row filter: one SQL expression, as written. */
  readonly where?: string;
}

/** What a publication may pass on, in the order in which PostgreSQL's manual names it. */
export const operations = ["insert", "update", "delete", "truncate"] as const;
export type Operation = (typeof operations)[number];

/** Those that tell a subscriber which row they mean: they need a replica identity. */
export const identifying: readonly Operation[] = ["update", "delete"];

export function identifyRows(published: readonly Operation[]): boolean {
  return identifying.some((operation) => published.includes(operation));
}
