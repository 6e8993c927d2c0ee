import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import type { RawStack } from "./rawConfig.ts";
import type { CheckSql } from "./validation/checkSql.ts";
import { schemaPathSchema } from "./validation/schemaPath.ts";

/** What the validation of mode logical needs besides the config. */
export interface SchemaSources {
  /** By path, as declared. */
  readonly files: ReadonlyMap<string, SchemaSource>;
  readonly checkSql: CheckSql;
}

/** A file's text, or why it could not be read. */
export type SchemaSource = { readonly text: string } | { readonly problem: string };

/**
 * Reads the declared schema files and loads what checks their SQL, in mode logical alone: other modes do not pay for it. What is wrong with a
 * file is for validation to report. `directory` is that of the stack configs.
 */
export async function readSchemaSources({ config }: RawStack, directory: string): Promise<SchemaSources | undefined> {
  if (config.mode !== "logical") return undefined;
  const declared = Array.isArray(config.schema) ? config.schema.filter((path) => v.is(schemaPathSchema, path)) : [];
  const [checkSql, ...files] = await Promise.all([
    loadCheckSql(),
    ...declared.map(async (path) => [path, await readSource(join(directory, path))] as const),
  ]);
  return { files: new Map(files), checkSql };
}

async function loadCheckSql(): Promise<CheckSql> {
  const [{ checkSql }, { loadSqlParser }] = await Promise.all([
    import("./validation/checkSql.ts"),
    import("./sql/loadSqlParser.ts"),
  ]);
  return checkSql(await loadSqlParser());
}

async function readSource(path: string): Promise<SchemaSource> {
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(await readFile(path)) };
  } catch (error) {
    return { problem: problemOf(error) };
  }
}

const problems: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  ENOTDIR: "there is no such file",
  EISDIR: "is a folder",
  EACCES: "may not be read",
  ERR_ENCODING_INVALID_ENCODED_DATA: "is no UTF-8 text",
  EPERM: "may not be read",
  ELOOP: "is a symbolic link that leads nowhere",
  ENAMETOOLONG: "is too long a path",
};

/** Only what a user can mend is a fault of the file; the rest is thrown on. */
function problemOf(error: unknown): string {
  const { [(error as NodeJS.ErrnoException).code ?? ""]: problem } = problems;
  if (problem === undefined) throw error;
  return problem;
}
