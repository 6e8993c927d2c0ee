import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ReadLogical } from "./modes/modeRules.ts";
import { modes } from "./modes/modes.ts";
import { type RawConfig, type RawStack, withoutEmpty } from "./rawConfig.ts";
import type { SchemaSource } from "./validation/schemaFiles.ts";

/**
 * Reads the declared schema files and loads what validates them: PostgreSQL's parser among it, so other modes are spared it and get
 * undefined. What is wrong with a file is for validation to report. `directory` is that of the stack configs.
 */
export async function loadLogicalReader({ config }: RawStack, directory: string): Promise<ReadLogical | undefined> {
  if (!concernsLogical(withoutEmpty(config))) return undefined;
  const [{ readLogical }, { loadSqlParser }, { isSchemaPath }] = await Promise.all([
    import("./validation/readLogical.ts"),
    import("./sql/loadSqlParser.ts"),
    import("./validation/schemaPath.ts"),
  ]);
  const declared = listed(config).filter(isSchemaPath);
  const sources = await Promise.all(
    declared.map(async (path) => [path, await readSource(join(directory, path))] as const),
  );
  return readLogical(new Map(sources), await loadSqlParser());
}

/** By its keys where the mode is misspelled: all other faults are to be found nevertheless. */
function concernsLogical(config: RawConfig): boolean {
  const { mode } = config;
  if (typeof mode === "string" && Object.hasOwn(modes, mode)) return mode === "logical";
  return modes.logical.keys.some((key) => key in config);
}

function listed({ schema }: RawConfig): readonly unknown[] {
  return Array.isArray(schema) ? schema : [];
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
  EPERM: "may not be read",
  ELOOP: "is a symbolic link that leads nowhere",
  ENAMETOOLONG: "is too long a path",
  ERR_ENCODING_INVALID_ENCODED_DATA: "is no UTF-8 text",
};

/** Only what a user can mend is a fault of the file; the rest is thrown on. */
function problemOf(error: unknown): string {
  const { [(error as NodeJS.ErrnoException).code ?? ""]: problem } = problems;
  if (problem === undefined) throw error;
  return problem;
}
