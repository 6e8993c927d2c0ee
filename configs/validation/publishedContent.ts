import { identifyRows } from "../spec.ts";
import type { ParseSql } from "../sql/parseSql.ts";
import { type Relation, replicaIdentity } from "../sql/relation.ts";
import type { SchemaCatalogue } from "../sql/schemaCatalogue.ts";
import type { Faults } from "./faults.ts";
import { qualifiedNameText } from "./identifiers.ts";
import { identityRemedy } from "./identityRemedy.ts";
import { publishes } from "./overlaps.ts";
import type { ReadPublication } from "./publications.ts";
import { checkPublishedTable } from "./publishedTable.ts";
import type { ReadTable } from "./publishedTables.ts";
import { suggest } from "./suggest.ts";

/** Checks what is published against what the schema files create. What they leave open is judged later, on the publisher itself. */
export function checkPublishedContent(
  publications: readonly ReadPublication[],
  catalogue: SchemaCatalogue,
  parse: ParseSql,
  faults: Faults,
): void {
  for (const { path, content, operations } of publications) {
    if (content.kind === "tables") {
      for (const table of content.tables) {
        const relation = findRelation(table, catalogue, faults);
        checkPublishedTable(table, relation, identifyRows(operations), parse, faults);
      }
      continue;
    }
    if (content.kind === "schemas") {
      for (const [index, schema] of content.schemas.entries())
        findSchema(schema, `${path}.schemas[${index}]`, catalogue, faults);
    }
    const value = content.kind === "schemas" ? content.schemas : true;
    for (const relation of catalogue.relations) {
      if (!publishes(content, relation) || !identifyRows(operations) || !lacksIdentity(relation)) continue;
      const name = qualifiedNameText(relation);
      faults.add({
        path: `${path}.${content.kind}`,
        value,
        problem: `includes ${name}, which has no replica identity, and updates or deletes are published: the publisher would refuse them`,
        ...identityRemedy(name),
      });
    }
  }
}

/** Only what is certain: views, unlogged and temporary tables are not published. */
function lacksIdentity(relation: Relation): boolean {
  const { kind, persistence, opaque } = relation;
  return kind === "table" && persistence === "permanent" && !opaque && replicaIdentity(relation).kind === "none";
}

function findRelation(table: ReadTable, catalogue: SchemaCatalogue, faults: Faults): Relation | undefined {
  const relation = catalogue.find(table);
  if (relation || !catalogue.complete) return relation;
  const names = catalogue.relations.filter(({ kind }) => kind === "table").map(qualifiedNameText);
  const value = qualifiedNameText(table);
  const remedy = suggest(value, names) ?? "create it in one of the schema files";
  const allowed = names.length > 0 ? names.join(", ") : "tables that the schema files create; they create none";
  faults.add({ path: `${table.path}.name`, value, problem: "is created by no schema file", allowed, remedy });
  return undefined;
}

function findSchema(schema: string, path: string, { complete, schemas }: SchemaCatalogue, faults: Faults): void {
  if (!complete || schemas.includes(schema)) return;
  const remedy = suggest(schema, schemas) ?? "create it in one of the schema files";
  faults.add({ path, value: schema, problem: "is created by no schema file", allowed: schemas.join(", "), remedy });
}
