import * as v from "valibot";
import type { SchemaSources } from "../schemaSources.ts";
import type { SchemaFile } from "../spec.ts";
import type { Faults } from "./faults.ts";
import { read } from "./read.ts";

const folder = "configs/";

/** Lexical: a path is compared as it is written, so there is one way to write it. */
const pathSchema = v.pipe(
  v.string("is no text"),
  v.check((path) => !path.startsWith("/") && !path.split("/").includes(".."), `is outside ${folder}`),
  v.check(
    (path) => path.split("/").every((part) => part !== "" && part !== ".") && !/[\\\0\n\r]/.test(path),
    "is no plain path",
  ),
  v.regex(/\.sql$/, "is no SQL file"),
  v.description(`a file below ${folder}, written relative to it, with / between: schema/001-users.sql`),
);

/** A schema file as it was read, and where it is named. */
export interface ReadSchemaFile extends SchemaFile {
  /** `schema[0]`. */
  readonly at: string;
}

/** Reads `schema`. The SQL itself is not looked at. */
export function readSchemaFiles(
  raw: unknown,
  sources: SchemaSources | undefined,
  faults: Faults,
): readonly ReadSchemaFile[] {
  if (!Array.isArray(raw)) {
    const problem = raw === undefined ? "is missing" : "is no list";
    const allowed = "a list of SQL files, in the order in which they are applied: [schema/001-users.sql]";
    faults.add({ path: "schema", value: raw, problem, allowed });
    return [];
  }
  return raw.flatMap((entry: unknown, index) => {
    const path = `schema[${index}]`;
    const file = read(pathSchema, entry, path, faults);
    if (file === undefined) return [];
    const first = raw.indexOf(file);
    if (first < index) {
      faults.add({ path, value: file, problem: `is the same as schema[${first}]`, allowed: "each file once" });
      return [];
    }
    const source = sources?.files.get(file);
    if (source === undefined) return [];
    if ("text" in source) return [{ at: path, path: file, text: source.text }];
    faults.add({ path, value: file, problem: source.problem, allowed: `a file of SQL in ${folder}` });
    return [];
  });
}
