import * as v from "valibot";
import type { ReadCluster } from "../modes/modeRules.ts";
import { ownSchema } from "../ownSchema.ts";
import { type Operation, operations, type PublicationContent, type PublicationSpec } from "../spec.ts";
import type { Faults } from "./faults.ts";
import { identifierSchema } from "./identifiers.ts";
import { type ReadTable, readPublishedTables } from "./publishedTables.ts";
import { isMapping, join, read, readList, readMapping, readNames, refuseRepeats } from "./read.ts";
import { suggest } from "./suggest.ts";

const contentKeys = ["tables", "schemas", "allTables"] as const;
const keys = ["name", ...contentKeys, "operations", "subscribers"];

/** A publication as it was read, and where it stands. */
export interface ReadPublication extends PublicationSpec {
  /** `publications[0]`. */
  readonly path: string;
  readonly content: ReadContent;
}

export type ReadContent =
  | { readonly kind: "tables"; readonly tables: readonly ReadTable[] }
  | Exclude<PublicationContent, { readonly kind: "tables" }>;

export function publicationSpec({ name, content, operations, subscribers }: ReadPublication): PublicationSpec {
  if (content.kind !== "tables") return { name, content, operations, subscribers };
  const tables = content.tables.map(({ path: _, ...table }) => table);
  return { name, content: { kind: "tables", tables }, operations, subscribers };
}

/** Reads `publications` by themselves: whether they agree with one another and with the schema is checked elsewhere. */
export function readPublications(raw: unknown, cluster: ReadCluster, faults: Faults): readonly ReadPublication[] {
  const allowed = "a list of publications, each { name: users_pub, tables: [{ name: public.users }] }";
  const entries = readList(raw, "publications", allowed, faults) ?? [];
  const publications = entries.map((entry, index) => readPublication(entry, `publications[${index}]`, cluster, faults));
  // The names as they were given: one that is itself at fault may stand twice, too.
  const names = entries.map((entry) => (isMapping(entry) && typeof entry.name === "string" ? entry.name : undefined));
  refuseRepeats(names, (index) => `publications[${index}].name`, "a name that no other publication has", faults);
  return publications;
}

const nameSchema = v.pipe(
  identifierSchema,
  v.check((name) => !name.startsWith(ownSchema), "begins like the cluster's own names"),
  v.description(`a name of 1 to 63 bytes that does not begin with ${ownSchema}`),
);

/** As far as it can be read; a name at fault is "", and what is at fault in lists is left out. */
function readPublication(entry: unknown, path: string, cluster: ReadCluster, faults: Faults): ReadPublication {
  const given = readMapping(entry, keys, path, faults);
  return {
    path,
    name: (given && read(nameSchema, given.name, join(path, "name"), faults)) ?? "",
    content: given ? readContent(given, path, faults) : { kind: "tables", tables: [] },
    operations: readOperations(given?.operations, join(path, "operations"), faults),
    subscribers: readSubscribers(given?.subscribers, join(path, "subscribers"), cluster, faults),
  };
}

function readContent(given: Readonly<Record<string, unknown>>, path: string, faults: Faults): ReadContent {
  const found = contentKeys.filter((key) => given[key] !== undefined);
  const [kind] = found;
  if (found.length !== 1 || kind === undefined) {
    const problem =
      found.length === 0 ? "says not what it publishes" : `says twice what it publishes: ${found.join(", ")}`;
    faults.add({ path, value: given, problem, allowed: `exactly one of ${contentKeys.join(", ")}` });
  }
  // All that are there are read, so that their own faults show as well.
  const contents = found.map((key) => readers[key](given[key], join(path, key), faults));
  return contents[0] ?? { kind: "tables", tables: [] };
}

type ContentReader = (raw: unknown, path: string, faults: Faults) => ReadContent;

const readers: Readonly<Record<(typeof contentKeys)[number], ContentReader>> = {
  tables: (raw, path, faults) => ({ kind: "tables", tables: readPublishedTables(raw, path, faults) }),
  schemas: (raw, path, faults) => ({ kind: "schemas", schemas: readNames(raw, path, schemaNameSchema, faults) ?? [] }),
  allTables(raw, path, faults) {
    read(allTablesSchema, raw, path, faults);
    return { kind: "allTables" };
  },
};

const allTablesSchema = v.pipe(
  v.literal(true, "is no choice"),
  v.description("true; leave it out where not all tables are published"),
);

const schemaNameSchema = v.pipe(
  identifierSchema,
  v.check((name) => name !== ownSchema, "is the schema of the cluster's own tables"),
  v.check((name) => !/^(?:pg_|information_schema$)/.test(name), "is a schema of PostgreSQL itself"),
  v.description("names of schemas of the application: public"),
);

const operationSchema = v.pipe(v.picklist(operations, "is no operation"), v.description(operations.join(", ")));

function readOperations(raw: unknown, path: string, faults: Faults): readonly Operation[] {
  if (raw === undefined) return operations;
  const given = readNames(raw, path, operationSchema, faults) ?? [];
  return operations.filter((operation) => given.includes(operation));
}

function readSubscribers(
  raw: unknown,
  path: string,
  { nodes = [], primary }: ReadCluster,
  faults: Faults,
): readonly string[] {
  const others = nodes.filter((name) => name !== undefined && name !== primary) as string[];
  if (raw === undefined) return others;
  const schema = v.pipe(
    v.string("is no text"),
    v.check((name) => name !== primary, "is the publisher itself"),
    v.check((name) => others.includes(name), "is the name of no node"),
    v.description(others.length > 0 ? others.join(", ") : "names of nodes other than the primary"),
  );
  const remedy = (name: string) => (name === primary ? undefined : suggest(name, others));
  const given = readNames(raw, path, schema, faults, { remedy }) ?? [];
  return others.filter((name) => given.includes(name));
}
