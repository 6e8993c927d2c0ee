import type { TableName } from "../../configs/tableName.ts";
/** What logical replication has in the application's database of one node. Plain data. */
export interface ObservedLogical {
  /** The tables in which we keep our books are there (see bookkeeping.ts). */
  readonly bookkeeping: boolean;
  /** Schema files that were applied on this node. */
  readonly schemaFiles: readonly { readonly path: string; readonly sha256: string }[];
  /** Ordinary and partitioned tables outside of PostgreSQL's own schemas and ours. */
  readonly tables: readonly ObservedTable[];
  readonly publications: readonly ObservedPublication[];
  /** How each publication was last set by us, by name: what was declared, and what the catalogue made of it. */
  readonly publicationRecords: Readonly<Record<string, { readonly declared: string; readonly catalogue: string }>>;
  /** Roles with the attribute REPLICATION that read published tables: what they may read, `schema.table` or `schema.table(column)`. */
  readonly privileges: Readonly<Record<string, readonly string[]>>;
  readonly subscriptions: readonly ObservedSubscription[];
  /** Tables whose rows a subscription of ours has copied here, or is to, with the definition that held then. */
  readonly copiedTables: readonly CopiedTable[];
  /** Replication origins of subscriptions that are no more. */
  readonly orphanedOrigins: readonly string[];
}

export interface ObservedTable extends TableName {
  readonly columns: readonly ObservedColumn[];
  /** How updates and deletes name their row: columns of a key, the whole row, or not at all. */
  readonly replicaIdentity: "key" | "full" | "none";
  /** Columns of that key; empty unless `key`. */
  readonly keyColumns: readonly string[];
  readonly bytes: number;
}

export interface ObservedColumn {
  readonly name: string;
  /** As `format_type` prints it. */
  readonly type: string;
  readonly notNull: boolean;
  readonly generated: boolean;
  /** An insert that leaves it out fills it: a default, or an identity. */
  readonly hasDefault?: boolean;
}

export interface ObservedPublication {
  readonly name: string;
  /** The publication as the catalogue has it, as text that compares: operations, schemas, tables with columns and filters. */
  readonly catalogue: string;
  /** Every table that it publishes now, those of whole schemas included. */
  readonly tables: readonly PublishedNow[];
}

/** A table as a publication has it now. */
export interface PublishedNow extends TableName {
  /** What a subscriber's role must be allowed to read for it: the table, or its columns of the list and the filter. */
  readonly readable: readonly string[];
}

export interface ObservedSubscription {
  readonly name: string;
  readonly enabled: boolean;
  /** null: it has none (any more). */
  readonly slot: string | null;
  readonly conninfo: string;
  /** Sorted. */
  readonly publications: readonly string[];
  /** The options that we set, as text that compares. */
  readonly options: string;
  readonly tables: readonly SubscribedTable[];
  /** Its apply worker runs and is connected. */
  readonly working: boolean;
  /** Since the statistics were reset. */
  readonly applyErrors: number;
  readonly syncErrors: number;
}

/** `state` as in pg_subscription_rel: i(nitialise), d(ata is copied), f(inished copy), s(ynchronised), r(eady). */
export interface SubscribedTable extends TableName {
  readonly state: string;
}

export interface CopiedTable extends TableName {
  /** See `tableDefinition`; `stale` where rows may have been missed since. */
  readonly definition: string;
  /** System identifier of the publisher that the rows came from. */
  readonly publisher: string;
  /** false: as far as is known no row was copied yet. */
  readonly begun: boolean;
}
