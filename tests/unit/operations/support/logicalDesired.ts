import type { InitialCopy, LogicalSpec } from "../../../../configs/spec.ts";
import type { Desired } from "../../../../operations/desired.ts";
import { desiredOf } from "./desired.ts";

/** What differs between the logical clusters of the tests. The first node is the publisher. */
export interface LogicalDeclaration extends Pick<LogicalSpec, "publications"> {
  /** Without it copy. */
  readonly initialCopy?: InitialCopy;
  readonly nodes: readonly string[];
  /** Schema files: path → tables that it creates. */
  readonly schema: Readonly<Record<string, readonly string[]>>;
}

export function logicalDesiredOf({ nodes, schema, publications, initialCopy = "copy" }: LogicalDeclaration): Desired {
  const schemaFiles = Object.entries(schema).map(([path, tables]) => ({
    path,
    text: tables.map((table) => `create table ${table}\n`).join(""),
  }));
  return desiredOf({ mode: "logical", nodes, logical: { schemaFiles, publications, initialCopy } });
}
