import type { SchemaFile } from "../spec.ts";
import type { Faults } from "./faults.ts";
import { read, readList } from "./read.ts";
import { schemaFolder, schemaPathSchema } from "./schemaPath.ts";

/** A file's text, or why it could not be read. */
export type SchemaSource = { readonly text: string } | { readonly problem: string };

/** A schema file as it was read, and where it is named. */
export interface ReadSchemaFile {
  /** `schema[0]`. */
  readonly at: string;
  /** Undefined where it could not be read: nobody knows then what it would have created. */
  readonly file: SchemaFile | undefined;
}

/** Reads `schema`. The SQL itself is not looked at. */
export function readSchemaFiles(
  raw: unknown,
  sources: ReadonlyMap<string, SchemaSource>,
  faults: Faults,
): readonly ReadSchemaFile[] {
  const allowed = "a list of SQL files, in the order in which they are applied: [schema/001-users.sql]";
  const entries = readList(raw, "schema", allowed, faults);
  if (!entries) return [{ at: "schema", file: undefined }];
  return entries.flatMap((entry, index): readonly ReadSchemaFile[] => {
    const at = `schema[${index}]`;
    const path = read(schemaPathSchema, entry, at, faults);
    if (path === undefined) return [{ at, file: undefined }];
    const first = entries.indexOf(path);
    if (first < index) {
      faults.add({ path: at, value: path, problem: `is the same as schema[${first}]`, allowed: "each file once" });
      return [];
    }
    const source = sources.get(path);
    if (source && "text" in source) return [{ at, file: { path, text: source.text } }];
    if (source)
      faults.add({ path: at, value: path, problem: source.problem, allowed: `a file of SQL in ${schemaFolder}` });
    return [{ at, file: undefined }];
  });
}
