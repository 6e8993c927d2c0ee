import * as v from "valibot";

/** Where schema files are, seen from the project. */
export const schemaFolder = "configs/";

/** Path of a schema file. Lexical: a path is compared as it is written, so there is one way to write it. */
export const schemaPathSchema = v.pipe(
  v.string("is no text"),
  v.check((path) => !path.startsWith("/") && !path.split("/").includes(".."), `is outside ${schemaFolder}`),
  v.check(
    (path) => path.split("/").every((part) => part !== "" && part !== ".") && !/[\\\0\n\r]/.test(path),
    "is no plain path",
  ),
  v.regex(/\.sql$/, "is no SQL file"),
  v.description(`a file below ${schemaFolder}, written relative to it, with / between: schema/001-users.sql`),
);

export function isSchemaPath(path: unknown): path is string {
  return v.is(schemaPathSchema, path);
}
