import type { LogicalPlan } from "../../configs/logicalPlan.ts";
import { operations as allOperations, type Operation, type PublishedTable } from "../../configs/spec.ts";
import { ownSchema, probePublication } from "./bookkeeping.ts";
import { needsCopyAgain, tableDefinition } from "./copies.ts";
import type { ObservedLogical, TableName } from "./observedLogical.ts";

/** A publication as it is to be set: its tables, or whole schemas. */
export interface DesiredPublication {
  readonly name: string;
  readonly operations: readonly Operation[];
  readonly tables: readonly PublishedTable[];
  readonly schemas: readonly string[];
}

/** A table as SQL writes it: quoted, with its schema. Also what names it in maps. */
export function qualified({ schema, name }: TableName): string {
  return `${quoted(schema)}.${quoted(name)}`;
}

/** An identifier as SQL writes it when nothing is to be folded. */
export function quoted(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}

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
  const tables = ["marker", "parity_point"].map((name) => ({ schema: ownSchema, name }));
  return [...declared, { name: probePublication, operations: allOperations, tables, schemas: [] }];
}

/** Names of the publications that a subscription of the plan is to have, sorted. */
export function publicationsOf({ publications }: { readonly publications: readonly string[] }): string[] {
  return [...publications, probePublication].sort();
}

/** Tables that the publication brings to its subscribers, each with the definition by which its rows are copied. */
export function definitionsIn(publication: DesiredPublication, publisher: ObservedLogical): Map<string, CopyOf> {
  const { operations, schemas } = publication;
  const whole = publisher.tables
    .filter(({ schema }) => schemas.includes(schema))
    .map(({ schema, name }) => ({ schema, name }));
  return new Map(
    [...publication.tables, ...whole].map((table) => [
      qualified(table),
      { schema: table.schema, name: table.name, definition: tableDefinition(table, operations) },
    ]),
  );
}

export interface CopyOf extends TableName {
  readonly definition: string;
}

/**
 * The publication without the tables whose rows must be copied again on one of `subscribers`: a table has to leave a subscription
 * before it can enter it anew.
 */
export function withoutCopiedAnew(
  publication: DesiredPublication,
  subscribers: readonly ObservedLogical[],
): DesiredPublication {
  const tables = publication.tables.filter((table) => {
    const definition = tableDefinition(table, publication.operations);
    return !subscribers.some((subscriber) => isSubscribedAndStale(subscriber, { ...table, definition }));
  });
  return { ...publication, tables };
}

/** Does a subscription there still hold the table although its rows are not those of the wanted definition? */
export function isSubscribedAndStale(subscriber: ObservedLogical, wanted: CopyOf): boolean {
  const same = (table: TableName) => table.schema === wanted.schema && table.name === wanted.name;
  if (!subscriber.subscriptions.some(({ tables }) => tables.some(same))) return false;
  return needsCopyAgain(subscriber.copiedTables.find(same)?.definition, wanted.definition);
}

/** A subscriber's role, and the publications whose tables it may read. */
export interface Reader {
  readonly role: string;
  readonly publications: readonly string[];
}

/** What was declared, as text that compares. */
export function declaredText({ operations, tables, schemas }: DesiredPublication): string {
  return JSON.stringify({ operations, tables, schemas });
}

/** As `publicationCatalogue` writes it. */
export interface Catalogue {
  /** In the order of PostgreSQL's manual. */
  readonly operations: readonly boolean[];
  readonly allTables: boolean;
  readonly viaRoot: boolean;
  readonly schemas: readonly string[];
  readonly tables: readonly (readonly [
    readonly [schema: string, name: string],
    readonly string[] | null,
    string | null,
  ])[];
}

/** Of two states of one publication's catalogue: which tables does it publish in the same way in both? */
export function unchangedTables(before: string, after: string): (table: TableName) => boolean {
  if (before === after) return () => true;
  const [one, other] = [before, after].map((text) => JSON.parse(text) as Catalogue) as [Catalogue, Catalogue];
  if (JSON.stringify(one.operations) !== JSON.stringify(other.operations)) return () => false;
  const entry = ({ tables }: Catalogue, { schema, name }: TableName) =>
    JSON.stringify(tables.find(([[inSchema, called]]) => inSchema === schema && called === name));
  return (table) => {
    const named = entry(one, table);
    if (named !== undefined) return named === entry(other, table);
    return [one, other].every(({ schemas }) => schemas.includes(table.schema)) && entry(other, table) === undefined;
  };
}
