import type { ParseSql } from "../sql/parseSql.ts";
import type { Faults } from "./faults.ts";
import type { ReadPublication } from "./publications.ts";
import { checkPublishedContent } from "./publishedContent.ts";
import type { ReadSchemaFile } from "./schemaFiles.ts";
import { checkSchemaFiles } from "./schemaStatements.ts";

/** Checks the SQL of a stack, in its schema files and its row filters, and what is published against what the files create. */
export type CheckSql = (
  files: readonly ReadSchemaFile[],
  publications: readonly ReadPublication[],
  faults: Faults,
) => void;

export function checkSql(parse: ParseSql): CheckSql {
  return (files, publications, faults) => {
    const catalogue = checkSchemaFiles(files, publications, parse, faults);
    checkPublishedContent(publications, catalogue, parse, faults);
  };
}
