import type { LogicalPlan } from "../../configs/logicalPlan.ts";
import { ownSchema } from "../../configs/ownSchema.ts";
import { operations as allOperations, type Operation, type PublishedTable } from "../../configs/spec.ts";
import { isTable, qualified, type TableName } from "../../configs/tableName.ts";
import { probePublication } from "./bookkeeping.ts";
import { tableDefinition } from "./copies.ts";
import type { ObservedColumn, ObservedLogical, ObservedTable, PublishedNow } from "./observedLogical.ts";

/** A publication as it is to be set: its tables, or whole schemas. */
export interface DesiredPublication {
  readonly name: string;
  readonly operations: readonly Operation[];
  readonly tables: readonly PublishedTable[];
  readonly schemas: readonly string[];
}

/** Those of our own tables that are published. */
export const probeTables: readonly TableName[] = ["marker", "parity_point"].map((name) => ({
  schema: ownSchema,
  name,
}));

/**
 * All publications with their whole content, the verification's own among them. `allTables` is every schema that has a table, and not
 * PostgreSQL's FOR ALL TABLES, because that would publish our books as well.
 */
export function desiredPublications(plan: LogicalPlan, publisher: ObservedLogical): DesiredPublication[] {
  const schemas = [...new Set(["public", ...publisher.tables.map(({ schema }) => schema)])].sort();
  const declared = plan.publications.map(({ name, operations, content }): DesiredPublication => {
    if (content.kind === "tables") return { name, operations, tables: content.tables, schemas: [] };
    return { name, operations, tables: [], schemas: content.kind === "schemas" ? content.schemas : schemas };
  });
  return [...declared, { name: probePublication, operations: allOperations, tables: probeTables, schemas: [] }];
}

/** Names of the publications that a subscription of the plan is to have, sorted. */
export function publicationsOf({ publications }: { readonly publications: readonly string[] }): string[] {
  return [...publications, probePublication].sort();
}

/** The publications, as they are to be, that a subscription is to have. */
export function subscribedPublications(
  plan: LogicalPlan,
  publisher: ObservedLogical,
  subscription: { readonly publications: readonly string[] },
): DesiredPublication[] {
  const names = publicationsOf(subscription);
  return desiredPublications(plan, publisher).filter(({ name }) => names.includes(name));
}

/** Every table that the publication brings to its subscribers. */
export function contentOf({ tables, schemas }: DesiredPublication, publisher: ObservedLogical): PublishedTable[] {
  return [...tables, ...tablesIn(schemas, publisher)];
}

/** The same tables, each with the definition by which its rows are copied. */
export function definitionsIn(publication: DesiredPublication, publisher: ObservedLogical): Map<string, CopyOf> {
  return new Map(
    contentOf(publication, publisher).map((table) => [
      qualified(table),
      { schema: table.schema, name: table.name, definition: tableDefinition(table, publication.operations) },
    ]),
  );
}

function tablesIn(schemas: readonly string[], { tables }: ObservedLogical): TableName[] {
  return tables.filter(({ schema }) => schemas.includes(schema)).map(({ schema, name }) => ({ schema, name }));
}

export interface CopyOf extends TableName {
  readonly definition: string;
}

/** Tables that are copied to a node, and where from. */
export interface Copies {
  readonly node: string;
  /** System identifier of the publisher. */
  readonly copiedFrom: string;
  readonly tables: readonly CopyOf[];
}

/** A subscriber's role, and the publications whose tables it may read. */
export interface Reader {
  readonly role: string;
  readonly publications: readonly string[];
}

/** Columns of a table that reach its subscribers. Generated columns are not published (manual, "Logical Replication"). */
export function publishedColumns(
  table: ObservedTable,
  declared: PublishedTable | undefined,
): readonly ObservedColumn[] {
  return table.columns.filter(({ name, generated }) => !generated && (declared?.columns?.includes(name) ?? true));
}

/** What these publications publish now; a table that several of them have comes several times. */
export function publishedBy({ publications }: ObservedLogical, names: readonly string[]): PublishedNow[] {
  return publications.filter(({ name }) => names.includes(name)).flatMap(({ tables }) => tables);
}

/** What a reader of these publications needs to be allowed to read, sorted: see `PublishedNow.readable`. */
export function readableIn(publisher: ObservedLogical, names: readonly string[]): string[] {
  return [...new Set(publishedBy(publisher, names).flatMap(({ readable }) => readable))].sort();
}

/** What was declared, as text that compares. */
export function declaredText({ operations, tables, schemas }: DesiredPublication): string {
  return JSON.stringify({ operations, tables, schemas });
}

/** As `publicationCatalogue` writes it. The oids tell whether something of the same name was made anew. */
export interface Catalogue {
  readonly oid: number;
  /** In the order of PostgreSQL's manual. */
  readonly operations: readonly boolean[];
  readonly allTables: boolean;
  readonly viaRoot: boolean;
  readonly schemas: readonly (readonly [name: string, oid: number])[];
  readonly tables: readonly (readonly [
    readonly [schema: string, name: string],
    oid: number,
    readonly string[] | null,
    string | null,
  ])[];
}

/** Of two states of one publication's catalogue: which tables does it publish in the same way in both, and has all the time? */
export function unchangedTables(before: string, after: string): (table: TableName) => boolean {
  if (before === after) return () => true;
  const [one, other] = [before, after].map((text) => JSON.parse(text) as Catalogue) as [Catalogue, Catalogue];
  const general = ({ tables: _, schemas: __, ...rest }: Catalogue) => JSON.stringify(rest);
  if (general(one) !== general(other)) return () => false;
  const entries = ({ tables, schemas }: Catalogue, { schema, name }: TableName) =>
    JSON.stringify([
      tables.find(([[inSchema, called]]) => inSchema === schema && called === name),
      schemas.find(([inSchema]) => inSchema === schema),
    ]);
  return (table) => entries(one, table) === entries(other, table);
}

/** By which definition a publication brings a table; undefined where it does not, or not in the very way in which we set it. */
export function broughtBy(publisher: ObservedLogical, publication: string, table: TableName): string | undefined {
  const found = publisher.publications.find(({ name }) => name === publication);
  const record = publisher.publicationRecords[publication];
  if (found === undefined || record === undefined || !found.tables.some(isTable(table))) return undefined;
  if (!unchangedTables(record.catalogue, found.catalogue)(table)) return undefined;
  const declared = JSON.parse(record.declared) as Omit<DesiredPublication, "name">;
  return definitionsIn({ name: publication, ...declared }, publisher).get(qualified(table))?.definition;
}

/** Is it the very publication that we set? One that was dropped by hand may have a successor of its name. */
export function isOurs({ publications, publicationRecords }: ObservedLogical, name: string): boolean {
  const found = publications.find((each) => each.name === name);
  const record = publicationRecords[name];
  if (found === undefined || record === undefined) return false;
  return oidOf(record.catalogue) === oidOf(found.catalogue);
}

function oidOf(catalogue: string): number {
  return (JSON.parse(catalogue) as Catalogue).oid;
}
