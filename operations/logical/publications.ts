import pg from "pg";
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
  return `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(name)}`;
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

/** What was declared, as text that compares. */
export function declaredText({ operations, tables, schemas }: DesiredPublication): string {
  return JSON.stringify({ operations, tables, schemas });
}

/** Statements that make a publication what is desired, to be run in one transaction. */
export function publicationStatements(publication: DesiredPublication, exists: boolean): string[] {
  const name = pg.escapeIdentifier(publication.name);
  const publish = `publish = ${pg.escapeLiteral(publication.operations.join(", "))}`;
  const objects = [
    ...publication.tables.map((table) => `table ${publishedTable(table)}`),
    ...publication.schemas.map((schema) => `tables in schema ${pg.escapeIdentifier(schema)}`),
  ];
  // One without any object can be made, but not set: it is made anew then, in the same transaction.
  if (!exists || objects.length === 0) {
    return [
      ...(exists ? [`drop publication ${name}`] : []),
      `create publication ${name}${objects.length > 0 ? ` for ${objects.join(", ")}` : ""} with (${publish})`,
    ];
  }
  return [`alter publication ${name} set ${objects.join(", ")}`, `alter publication ${name} set (${publish})`];
}

function publishedTable({ columns, where, ...table }: PublishedTable): string {
  const list = columns === undefined ? "" : ` (${columns.map(pg.escapeIdentifier).join(", ")})`;
  return `${qualified(table)}${list}${where === undefined ? "" : ` where (${where})`}`;
}
