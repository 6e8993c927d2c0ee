import { isTable, type TableName } from "../tableName.ts";
import type { Faults } from "./faults.ts";
import { qualifiedNameText } from "./identifiers.ts";
import type { ReadContent, ReadPublication } from "./publications.ts";

/**
 * Each table reaches a subscriber by one publication: with two, PostgreSQL would join their filters with OR, refuse different column lists,
 * and leave it to the reader which of them a row came by.
 */
export function refuseOverlaps(publications: readonly ReadPublication[], faults: Faults): void {
  for (const [index, later] of publications.entries()) {
    for (const earlier of publications.slice(0, index)) {
      const shared = later.subscribers.filter((name) => earlier.subscribers.includes(name));
      if (shared.length === 0) continue;
      for (const { path, value } of commonParts(later, earlier.content)) {
        faults.add({
          path,
          value,
          problem: `reaches ${shared.join(", ")} by ${earlier.path} as well`,
          allowed: "each table by one publication for each subscriber",
          remedy: "take it out of one of the two, or give them different subscribers",
        });
      }
    }
  }
}

/** What of a publication another one publishes as well. */
function commonParts({ path, content }: ReadPublication, other: ReadContent): { path: string; value: unknown }[] {
  if (content.kind === "allTables") return [{ path: `${path}.allTables`, value: true }];
  if (content.kind === "schemas") {
    return content.schemas.flatMap((schema, index) =>
      touches(other, schema) ? { path: `${path}.schemas[${index}]`, value: schema } : [],
    );
  }
  return content.tables.flatMap((table) =>
    publishes(other, table) ? { path: `${table.path}.name`, value: qualifiedNameText(table) } : [],
  );
}

/** Does it publish this table? */
export function publishes(content: ReadContent, table: TableName): boolean {
  if (content.kind === "allTables") return true;
  if (content.kind === "schemas") return content.schemas.includes(table.schema);
  return content.tables.some(isTable(table));
}

/** Does it publish anything in this schema? */
function touches(content: ReadContent, schema: string): boolean {
  if (content.kind === "allTables") return true;
  return content.kind === "schemas"
    ? content.schemas.includes(schema)
    : content.tables.some((table) => table.schema === schema);
}
