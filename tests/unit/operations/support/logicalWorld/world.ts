import type { Operation } from "../../../../../configs/spec.ts";

/**
 * A small world of its own in which the planner's steps of mode logical are carried out: what the servers have, and the truth about
 * their rows, which no server could tell. Neither predict.ts nor the planner's own judgement of rows is used here. It is changed in
 * place. Tables are named `schema.table`; every table of the publisher has a change of every operation at every position of its stream.
 */
export interface LogicalWorld {
  readonly publisher: string;
  readonly nodes: Record<string, LogicalNode>;
  /** The last position of the publisher's stream. */
  position: number;
  /** What the publisher had at which positions, in their order: what a stream reads at a position is what was there then. */
  readonly history: PublisherAt[];
  /** Counts up: object identifiers, system identifiers, the time of files. */
  counter: number;
  /** Nodes whose apply workers lag behind until somebody waits for them. */
  readonly lagging: Set<string>;
}

export interface PublisherAt {
  /** Valid from this position on, until the next entry's. */
  readonly from: number;
  /** Replaced as a whole when anything in them changes. */
  readonly publications: Publications;
  readonly tables: readonly string[];
}

export type Publications = Readonly<Record<string, Publication>>;

export interface Publication {
  readonly oid: number;
  readonly operations: readonly Operation[];
  /** Schema → oid of its entry. */
  readonly schemas: Readonly<Record<string, number>>;
  readonly tables: Readonly<Record<string, PublicationEntry>>;
}

export interface PublicationEntry {
  readonly oid: number;
  /** Sorted. */
  readonly columns: readonly string[] | null;
  readonly where: string | null;
}

export interface LogicalNode {
  readonly name: string;
  running: boolean;
  release?: string | undefined;
  fileHashes: Readonly<Record<string, string>>;
  runtime?: string | undefined;
  changedAt: number;
  loadedAt: number;
  data?: LogicalData | undefined;
}

export interface LogicalData {
  readonly systemIdentifier: string;
  /** Name → password. */
  readonly roles: Record<string, string>;
  databases: readonly string[];
  books?: Books | undefined;
  readonly tables: Record<string, Rows>;
  publications: Publications;
  /** Role → what it may read, `schema.table` or `schema.table(column)`. */
  readonly privileges: Record<string, readonly string[]>;
  readonly slots: Record<string, Slot>;
  readonly subscriptions: Record<string, Subscription>;
  readonly orphanedOrigins: string[];
}

export interface Books {
  readonly schemaFiles: { readonly path: string; readonly sha256: string }[];
  readonly publications: Record<string, { readonly declared: string; readonly catalogue: string }>;
  readonly copiedTables: Record<string, CopyEntry>;
}

export interface CopyEntry {
  readonly definition: string;
  readonly publisher: string;
  readonly begun: boolean;
}

/** The truth about the rows of a table on a subscriber. */
export interface Rows {
  /** Rows that the user put there. */
  own: number;
  /** Was it ever in a subscription, which may have copied into it? */
  everSubscribed: boolean;
  /** The rows that a copy brought, and the stream since. */
  copy?: Copy | undefined;
}

export interface Copy {
  readonly columns: readonly string[] | null;
  readonly where: string | null;
  /** Every change up to this position is in them. */
  upTo: number;
  /** Operations that were not passed on at some time. */
  lacking: readonly Operation[];
  /** A change is missing, or one came by another definition than the copy's. */
  wrong: boolean;
}

export interface Slot {
  confirmed: number;
  lost: boolean;
}

export interface Subscription {
  readonly oid: number;
  enabled: boolean;
  slot: string | null;
  conninfo: string;
  publications: readonly string[];
  options: string;
  /** Table → state. */
  readonly tables: Record<string, "i" | "d" | "r">;
  /** Why it disabled itself. */
  failure?: string | undefined;
}

export function copyWorld(world: LogicalWorld): LogicalWorld {
  return structuredClone(world);
}

export function publisherOf({ nodes, publisher }: LogicalWorld): LogicalData {
  const { data } = nodes[publisher]!;
  if (data === undefined) throw new Error("the publisher has no data");
  return data;
}

export function schemaOf(table: string): string {
  return table.slice(0, table.indexOf("."));
}

export function splitName(table: string): { schema: string; name: string } {
  const schema = schemaOf(table);
  return { schema, name: table.slice(schema.length + 1) };
}

/** A table as a publication has it: what a subscriber of it copies and is sent. */
export interface Published extends Pick<PublicationEntry, "columns" | "where"> {
  readonly operations: readonly Operation[];
}

/** How a publication publishes a table; undefined when it doesn't. */
export function publishedBy({ operations, schemas, tables }: Publication, table: string): Published | undefined {
  const entry = tables[table];
  // Of both PostgreSQL takes the schema's: every row, every column.
  if (schemas[schemaOf(table)] !== undefined) return { operations, columns: null, where: null };
  return entry && { operations, columns: entry.columns, where: entry.where };
}

/** How a table is published by all of these publications together; "conflict" where the column lists contradict each other. */
export function publishedTogether(
  publications: Publications,
  names: readonly string[],
  table: string,
): Published | "conflict" | undefined {
  const all = names.flatMap((name) => {
    const publication = publications[name];
    return (publication && publishedBy(publication, table)) ?? [];
  });
  const [first] = all;
  if (first === undefined) return undefined;
  if (all.some(({ columns }) => JSON.stringify(columns) !== JSON.stringify(first.columns))) return "conflict";
  const filters = [...new Set(all.map(({ where }) => where))];
  const where = filters.includes(null) ? null : filters.sort().join(" or ");
  return { columns: first.columns, where, operations: [...new Set(all.flatMap(({ operations }) => operations))] };
}

/** What the publisher had at a position. */
export function publisherAt({ history }: LogicalWorld, position: number): PublisherAt {
  const found = history.findLast(({ from }) => from <= position);
  if (found === undefined) throw new Error(`nothing is known of position ${position}`);
  return found;
}
