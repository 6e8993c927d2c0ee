import type { Node } from "libpg-query";
import type { ParseSql } from "../sql/parseSql.ts";
import { positionText, statementStart } from "../sql/position.ts";
import { refusedStatement } from "../sql/refusedStatement.ts";
import { SchemaCatalogue } from "../sql/schemaCatalogue.ts";
import type { Faults } from "./faults.ts";
import { qualifiedNameText } from "./identifiers.ts";
import { publishes } from "./overlaps.ts";
import type { ReadPublication } from "./publications.ts";
import type { ReadSchemaFile } from "./schemaFiles.ts";

/**
 * Checks the SQL of the schema files. The catalogue is what they make of an empty database, as far as that is certain.
 */
export function checkSchemaFiles(
  files: readonly ReadSchemaFile[],
  publications: readonly ReadPublication[],
  parse: ParseSql,
  faults: Faults,
): SchemaCatalogue {
  const catalogue = new SchemaCatalogue();
  for (const { at, file } of files) {
    if (file === undefined) {
      catalogue.loseTrack();
      continue;
    }
    const { path, text } = file;
    const fault = (offset: number, problem: string, allowed: string, remedy?: string) =>
      faults.add({
        path: at,
        value: path,
        problem: `${positionText(text, offset)}: ${problem}`,
        allowed,
        ...(remedy && { remedy }),
      });
    const parsed = parse(text);
    if ("problem" in parsed) {
      fault(parsed.offset, parsed.problem, "SQL of PostgreSQL 17; psql's own commands (\\…) are none");
      catalogue.loseTrack();
      continue;
    }
    if (parsed.statements.length === 0) {
      const allowed = "one statement or more";
      faults.add({ path: at, value: path, problem: "holds no statement", allowed, remedy: "remove it from the list" });
    }
    catalogue.beginFile();
    for (const { node, offset } of parsed.statements) {
      const start = statementStart(text, offset);
      const refusal = refusedStatement(node);
      if (refusal)
        fault(start, refusal.problem, "statements that can run in one transaction, on every node", refusal.remedy);
      refuseRows(node, catalogue, publications, (problem, allowed, remedy) => fault(start, problem, allowed, remedy));
      catalogue.apply(node);
    }
  }
  return catalogue;
}

/** A file is applied on every node: rows that it inserts into a published table would be on a subscriber before they are copied to it. */
function refuseRows(
  node: Node,
  catalogue: SchemaCatalogue,
  publications: readonly ReadPublication[],
  fault: (problem: string, allowed: string, remedy: string) => void,
): void {
  const relation = "InsertStmt" in node ? node.InsertStmt.relation : undefined;
  if (relation === undefined) return;
  const table = catalogue.nameOf(relation);
  const publication = publications.find(({ content }) => publishes(content, table));
  if (publication === undefined) return;
  fault(
    `inserts into ${qualifiedNameText(table)}, which ${publication.path} publishes: every node would insert these rows, and subscribers would get them a second time`,
    "rows of tables that are not published",
    "remove it; insert them once, through the publisher, after `up`",
  );
}
