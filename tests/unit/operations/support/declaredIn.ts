import type { PublicationContent, PublishedTable } from "../../../../configs/spec.ts";
import { schemaOf } from "./logicalWorld/world.ts";

/** How a publication with this content is to publish a table, `schema.table`; undefined when it is not to. */
export function declaredIn(
  content: PublicationContent,
  table: string,
): Pick<PublishedTable, "columns" | "where"> | undefined {
  if (content.kind === "tables") return content.tables.find(({ schema, name }) => `${schema}.${name}` === table);
  return content.kind === "allTables" || content.schemas.includes(schemaOf(table)) ? {} : undefined;
}
