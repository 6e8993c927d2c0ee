import * as v from "valibot";
import type { ReadLogical } from "../modes/modeRules.ts";
import type { RawConfig } from "../rawConfig.ts";
import { type InitialCopy, initialCopies } from "../spec.ts";
import type { ParseSql } from "../sql/parseSql.ts";
import { refuseParts } from "./baseBackup.ts";
import type { Faults } from "./faults.ts";
import { refuseOverlaps } from "./overlaps.ts";
import { publicationSpec, readPublications } from "./publications.ts";
import { checkPublishedContent } from "./publishedContent.ts";
import { read } from "./read.ts";
import { readSchemaFiles, type SchemaSource } from "./schemaFiles.ts";
import { checkSchemaFiles } from "./schemaStatements.ts";
import { checkSubscribers } from "./subscribers.ts";

/** What reads mode logical's keys, given its schema files as they were read, and the parser of their SQL. Pure. */
export function readLogical(sources: ReadonlyMap<string, SchemaSource>, parse: ParseSql): ReadLogical {
  return (raw, cluster, faults) => {
    checkSubscribers(cluster, faults);
    const initialCopy = readInitialCopy(raw, faults);
    const schemaFiles = readSchemaFiles(raw.schema, sources, faults);
    const publications = readPublications(raw.publications, cluster, faults);
    refuseOverlaps(publications, faults);
    if (initialCopy === "fromBaseBackup") refuseParts(publications, faults);
    const catalogue = checkSchemaFiles(schemaFiles, publications, parse, faults);
    checkPublishedContent(publications, catalogue, parse, faults);
    return {
      schemaFiles: schemaFiles.flatMap(({ file }) => file ?? []),
      publications: publications.map(publicationSpec),
      initialCopy,
    };
  };
}

const initialCopySchema = v.pipe(
  v.picklist(initialCopies, "is no way to copy"),
  v.description("copy (table by table, by the subscriptions) or fromBaseBackup (the whole server at once)"),
);

function readInitialCopy({ initialCopy }: RawConfig, faults: Faults): InitialCopy {
  return (
    (initialCopy === undefined ? undefined : read(initialCopySchema, initialCopy, "initialCopy", faults)) ?? "copy"
  );
}
