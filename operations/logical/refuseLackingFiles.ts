import type { LogicalPlan } from "../../configs/logicalPlan.ts";
import { ownSchema } from "../../configs/ownSchema.ts";
import type { ObservedNode } from "../observed.ts";

/**
 * Why a subscriber can't get the schema that the others have, for each of `subscribers`. A file that was applied on the publisher had been
 * applied on every subscriber of that time; whoever comes later gets declared files only, and a table or column would be missing there.
 */
export function refuseLackingFiles(
  { schemaFiles }: LogicalPlan,
  publisher: ObservedNode,
  subscribers: readonly ObservedNode[],
): string[] {
  const isDeclared = new Set(schemaFiles.map(({ path }) => path));
  const withdrawn = (appliedOn(publisher) ?? []).filter((path) => !isDeclared.has(path));
  return subscribers.flatMap((node) => {
    const applied = appliedOn(node);
    if (applied === undefined) return [];
    const lacking = withdrawn.filter((path) => !applied.includes(path));
    if (lacking.length === 0) return [];
    const files = lacking.join(", ");
    const having = [publisher, ...subscribers].filter((other) =>
      lacking.every((path) => appliedOn(other)?.includes(path)),
    );
    return [
      `${node.name} has not applied ${files}, as ${having.map(({ name }) => name).join(", ")} did, and \`schema\` no longer declares it: the tables and columns that came by it would be missing on ${node.name}. Nothing was changed. Put it back into \`schema\`, where it was. Or, if another declared file does the same by now, take it off the books of ${publisher.name}: DELETE FROM ${ownSchema}.schema_files WHERE path IN (${lacking.map(literal).join(", ")});`,
    ];
  });
}

/** Paths of the files that a node has applied; undefined where that is not known. */
function appliedOn({ container, volumes, server }: ObservedNode): readonly string[] | undefined {
  if (container !== "running") return undefined;
  if (server !== undefined) return (server.logical?.schemaFiles ?? []).map(({ path }) => path);
  return volumes !== undefined && volumes.data === undefined ? [] : undefined;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
