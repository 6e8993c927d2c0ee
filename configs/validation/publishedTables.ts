import * as v from "valibot";
import { ownSchema } from "../ownSchema.ts";
import type { PublishedTable } from "../spec.ts";
import type { Faults } from "./faults.ts";
import { identifierSchema, parseQualifiedName, qualifiedNameText } from "./identifiers.ts";
import { join, type NamesTexts, read, readList, readMapping, readNames } from "./read.ts";

/** A table as it was read, and where it stands. */
export interface ReadTable extends PublishedTable {
  /** `publications[0].tables[1]`. */
  readonly path: string;
}

/** Reads one publication's `tables`, each of which it may name once. */
export function readPublishedTables(raw: unknown, path: string, faults: Faults): readonly ReadTable[] {
  const entries = readList(raw, path, "a list of one or more tables, each { name: public.users }", faults) ?? [];
  const first = new Map<string, string>();
  return entries.flatMap((entry, index) => {
    const at = `${path}[${index}]`;
    const table = readPublishedTable(entry, at, faults);
    if (table === undefined) return [];
    const name = qualifiedNameText(table);
    const earlier = first.get(name);
    if (earlier === undefined) first.set(name, `${at}.name`);
    else
      faults.add({ path: `${at}.name`, value: name, problem: `is the same as ${earlier}`, allowed: "each table once" });
    return earlier === undefined ? [table] : [];
  });
}

const nameSchema = v.pipe(
  v.string("is no text"),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const name = parseQualifiedName(dataset.value);
    if (name) return name;
    addIssue({ message: "is no name of a table" });
    return NEVER;
  }),
  v.check(({ schema }) => schema !== ownSchema, "is one of the cluster's own tables"),
  v.check(({ schema }) => !/^(?:pg_|information_schema$)/.test(schema), "is a table of PostgreSQL itself"),
  v.description('schema.table, or table for one in public; exact, with "…" around a part that holds a dot or a blank'),
);

const whereSchema = v.pipe(
  v.string("is no text"),
  v.check((text) => text.trim() !== "", "is empty"),
  v.description('one SQL expression over columns of the table: "active and region = 1"'),
);

const columnTexts: NamesTexts = {
  list: "a list of one or more columns; left out, all are published",
  once: "each column once",
};

function readPublishedTable(entry: unknown, path: string, faults: Faults): ReadTable | undefined {
  const given = readMapping(entry, ["name", "columns", "where"], path, faults);
  if (!given) return undefined;
  const name = read(nameSchema, given.name, join(path, "name"), faults);
  const columns =
    given.columns === undefined
      ? undefined
      : readNames(given.columns, join(path, "columns"), identifierSchema, faults, columnTexts);
  const where = given.where === undefined ? undefined : read(whereSchema, given.where, join(path, "where"), faults);
  return name && { path, ...name, ...(columns && { columns }), ...(where !== undefined && { where }) };
}
