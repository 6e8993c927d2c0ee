import type { LogicalPlan, PlannedSchemaFile } from "./logicalPlan.ts";
import type { ClusterPlan, NodePlan } from "./plan.ts";
import { sha256 } from "./sha256.ts";

/** A plan with each declared file replaced by its SHA-256: what the hook is told, and what a preview shows of it line by line. */
export type DescribedPlan = Omit<ClusterPlan, "nodes" | "logical"> & {
  readonly logical?: DescribedLogical;
  readonly nodes: readonly DescribedNode[];
};
export type DescribedNode = Omit<NodePlan, "files"> & { readonly fileHashes: Readonly<Record<string, string>> };
export type DescribedLogical = Omit<LogicalPlan, "schemaFiles"> & {
  readonly schemaFiles: readonly Omit<PlannedSchemaFile, "text">[];
};

/** The plan as indented JSON. The files' texts are left out: they are shown, and diffed, where they are written. */
export function describePlan({ logical, nodes, ...cluster }: ClusterPlan): string {
  const described: DescribedPlan = {
    ...cluster,
    ...(logical && { logical: describeLogical(logical) }),
    nodes: nodes.map(({ files, ...node }): DescribedNode => {
      const fileHashes = Object.fromEntries(Object.entries(files).map(([name, text]) => [name, sha256(text)]));
      return { ...node, fileHashes };
    }),
  };
  return `${JSON.stringify(described, null, 2)}\n`;
}

function describeLogical({ schemaFiles, ...logical }: LogicalPlan): DescribedLogical {
  return { ...logical, schemaFiles: schemaFiles.map(({ text: _, ...file }) => file) };
}

/**
 * The schema files' texts as indented JSON, one line of theirs a line, so that a preview shows what changes in them. Undefined in modes
 * that have none. They are the hook's standard input: a schema may be longer than the 128 kB that Linux grants an environment variable.
 */
export function describeSchema({ logical }: ClusterPlan): string | undefined {
  if (logical === undefined) return undefined;
  const lines = logical.schemaFiles.map(({ path, text }) => [path, text.split("\n")]);
  return `${JSON.stringify(Object.fromEntries(lines), null, 2)}\n`;
}

/** The inverse of describePlan, given what was left out: the files by node, and describeSchema's text. */
export function readPlan(
  text: string,
  files: Readonly<Record<string, Readonly<Record<string, string>>>>,
  schema?: string,
): ClusterPlan {
  const { nodes, logical, ...cluster } = JSON.parse(text) as DescribedPlan;
  return {
    ...cluster,
    ...(logical && { logical: readLogical(logical, schema) }),
    nodes: nodes.map(({ fileHashes: _, ...node }) => ({ ...node, files: files[node.name] ?? {} })),
  };
}

function readLogical({ schemaFiles, ...logical }: DescribedLogical, schema: string | undefined): LogicalPlan {
  const lines = JSON.parse(schema || "{}") as Record<string, readonly string[]>;
  return {
    ...logical,
    schemaFiles: schemaFiles.map((file) => {
      const text = lines[file.path]?.join("\n");
      if (text === undefined || sha256(text) !== file.sha256)
        throw new Error(`The text of ${file.path} is not the plan's`);
      return { ...file, text };
    }),
  };
}
