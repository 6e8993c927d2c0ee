import * as v from "valibot";
import { longestName } from "../longestName.ts";
import type { TableName } from "../tableName.ts";

/** A name as PostgreSQL keeps it: not folded, not quoted. */
export const identifierSchema = v.pipe(
  v.string("is no text"),
  v.minLength(1, "is empty"),
  v.check((name) => Buffer.byteLength(name) <= longestName, `is longer than ${longestName} bytes`),
  v.check((name) => !name.includes("\0"), "holds a NUL byte"),
  v.description(`a name of 1 to ${longestName} bytes`),
);

const part = String.raw`(?:"((?:[^"\0]|"")+)"|([^".\s\0]+))`;
const qualified = new RegExp(`^(?:${part}\\.)?${part}$`);

/**
 * Reads `schema.table`, or `table` for one in public. A part that holds a dot, a blank or a quote is in double quotes. Nothing is folded:
 * `Users` is not `users`. Undefined where it is no such name.
 */
export function parseQualifiedName(text: string): TableName | undefined {
  const match = qualified.exec(text);
  if (!match) return undefined;
  const [, quotedSchema, plainSchema, quotedName, plainName] = match;
  const schema = quotedSchema?.replaceAll('""', '"') ?? plainSchema ?? "public";
  const name = quotedName?.replaceAll('""', '"') ?? plainName ?? "";
  return [schema, name].every((each) => Buffer.byteLength(each) <= longestName) ? { schema, name } : undefined;
}

/** The inverse: how a user would write it. */
export function qualifiedNameText({ schema, name }: TableName): string {
  return [schema, name].map((each) => (/[".\s]/.test(each) ? `"${each.replaceAll('"', '""')}"` : each)).join(".");
}
