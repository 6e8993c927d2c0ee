import type { Faults } from "./faults.ts";
import type { ReadPublication } from "./publications.ts";

/** With `initialCopy: fromBaseBackup` a subscriber begins as a copy of the whole server, so that is what has to be published. */
export function refuseParts(publications: readonly ReadPublication[], faults: Faults): void {
  for (const { path, content } of publications) {
    if (content.kind === "allTables") continue;
    faults.add({
      path: `${path}.${content.kind}`,
      value: content.kind === "tables" ? content.tables.map(({ path: _, ...table }) => table) : content.schemas,
      problem:
        "is a part of the database, and initialCopy fromBaseBackup cannot honour it: a base backup holds every table, row and column",
      allowed: "allTables: true",
      remedy: "publish all tables, or set postgres-cluster:initialCopy to copy",
    });
  }
}
