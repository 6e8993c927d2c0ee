import fc from "fast-check";
import { operations as allOperations, type PublicationSpec, type PublishedTable } from "../../../../configs/spec.ts";
import { declaredIn } from "./declaredIn.ts";
import type { LogicalDeclaration } from "./logicalDesired.ts";
import { faults } from "./logicalWorld/faults.ts";
import { schemaOf, splitName } from "./logicalWorld/world.ts";

/** Schema files in the order in which they are declared: the first ones always are. */
const schemaFiles: readonly (readonly [path: string, tables: readonly string[]])[] = [
  ["1.sql", ["public.a", "public.b"]],
  ["2.sql", ["sales.c"]],
  ["3.sql", ["sales.d", "public.e"]],
];

const often = <const T>(usual: T, ...rare: T[]) =>
  fc.oneof(
    { arbitrary: fc.constant(usual), weight: 2 * rare.length },
    { arbitrary: fc.constantFrom(...rare), weight: rare.length },
  );

const tables = schemaFiles.flatMap(([, created]) => created);
const columns = often<string[] | undefined>(undefined, ["id", "x"], ["id", "y"]);
const where = often<string | undefined>(undefined, "x > 0", "y > 0");

const publishedTable: fc.Arbitrary<PublishedTable> = fc
  .record({ table: fc.constantFrom(...tables), columns, where })
  .map(({ table, columns, where }) => ({
    ...splitName(table),
    ...(columns && { columns }),
    ...(where && { where }),
  }));

const subscribers = ["pg-2", "pg-3"];

const publication: fc.Arbitrary<PublicationSpec> = fc.record({
  name: fc.constantFrom("p", "q", "r"),
  operations: often([...allOperations], ["insert"], ["insert", "truncate"], ["insert", "update", "delete"]),
  content: fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant("tables" as const),
        tables: fc.uniqueArray(publishedTable, { minLength: 1, maxLength: 4, selector: ({ name }) => name }),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant("schemas" as const),
        schemas: fc.subarray(["public", "sales"], { minLength: 1 }),
      }),
    },
    { weight: 1, arbitrary: fc.constant({ kind: "allTables" as const }) },
  ),
  subscribers: fc.subarray(subscribers, { minLength: 1 }),
});

/** A valid one: no table reaches a subscriber twice, no publication names what no file creates. */
export const declaration: fc.Arbitrary<LogicalDeclaration> = fc
  .record({
    nodes: fc.subarray(subscribers, { minLength: 1 }),
    files: fc.integer({ min: 1, max: schemaFiles.length }),
    publications: fc.uniqueArray(publication, { minLength: 1, maxLength: 3, selector: ({ name }) => name }),
  })
  .map(({ nodes, files, publications }) => {
    const schema = schemaFiles.slice(0, files);
    const created = schema.flatMap(([, names]) => names);
    return {
      nodes: ["pg-1", ...nodes],
      schema: Object.fromEntries(schema),
      publications: validOnes(publications, nodes, created),
    };
  })
  .filter(({ publications }) => publications.length > 0)
  .chain((parts) => fc.constantFrom(parts, parts, parts, wholeServer(parts)));

/** The same with all tables for everybody, who gets them by a base backup. */
function wholeServer(parts: LogicalDeclaration): LogicalDeclaration {
  const [first] = parts.publications;
  const subscribers = parts.nodes.slice(1);
  return {
    ...parts,
    publications: [{ ...first!, content: { kind: "allTables" }, subscribers }],
    initialCopy: "fromBaseBackup",
  };
}

function validOnes(all: readonly PublicationSpec[], nodes: readonly string[], created: readonly string[]) {
  const taken = new Set<string>();
  return all.flatMap((each): PublicationSpec[] => {
    const { content } = each;
    const reached = each.subscribers.filter((name) => nodes.includes(name));
    const kept =
      content.kind === "tables"
        ? { ...content, tables: content.tables.filter(({ schema, name }) => created.includes(`${schema}.${name}`)) }
        : content.kind === "schemas"
          ? { ...content, schemas: content.schemas.filter((schema) => created.some((t) => schemaOf(t) === schema)) }
          : content;
    const names = tables.filter((table) => declaredIn(kept, table) !== undefined);
    const reaches = reached.flatMap((node) => names.map((table) => `${node} ${table}`));
    if (reaches.length === 0 || reaches.some((each) => taken.has(each))) return [];
    for (const each of reaches) taken.add(each);
    return [{ ...each, content: kept, subscribers: reached }];
  });
}

/** The declaration, or the same with something of it edited, or quite another. */
export function edited(before: LogicalDeclaration): fc.Arbitrary<LogicalDeclaration> {
  const others = fc.record({
    other: declaration,
    keep: fc.constantFrom("all", "tables", "publications", "nodes", "nothing"),
  });
  return others.map(({ other, keep }) => {
    if (keep === "all") return before;
    if (keep === "tables") return { ...before, publications: renamed(before.publications) };
    const nodes = keep === "nodes" ? before.nodes : other.nodes;
    const publications = keep === "publications" ? before.publications : other.publications;
    // An applied file stays declared: a new node would not have its tables.
    const created = Object.keys(before.schema).length > Object.keys(other.schema).length ? before.schema : other.schema;
    const valid = validOnes(publications, nodes.slice(1), Object.values(created).flat());
    if (valid.length === 0) return before;
    const parts = { nodes, schema: created, publications: valid };
    return other.initialCopy === "fromBaseBackup" ? wholeServer(parts) : parts;
  });
}

/** The same tables by other publications, which take over each other's names. */
function renamed(publications: readonly PublicationSpec[]): PublicationSpec[] {
  const next: Readonly<Record<string, string>> = { p: "q", q: "r", r: "p" };
  return publications.map((each) => ({ ...each, name: next[each.name]! }));
}

const interruption = fc.record({
  cutAt: fc.nat(40),
  turns: fc.array(fc.nat(4), { minLength: 1, maxLength: 7 }),
});

const fault = fc.record({
  fault: fc.constantFrom(...(Object.keys(faults) as (keyof typeof faults)[])),
  pick: fc.nat(200),
});

const chapter = (before: LogicalDeclaration) =>
  fc.record({
    faults: fc.array(fault, { maxLength: 2 }),
    lagging: fc.subarray(subscribers),
    keepVolumes: fc.boolean(),
    declaration: edited(before),
    cuts: fc.array(interruption, { maxLength: 2 }),
  });

/** A declaration that was brought up, and what happens from then on: faults, an edit, runs that are cut off. */
export const story = declaration.chain((first) =>
  fc
    .tuple(fc.constant(first), chapter(first), fc.boolean(), fc.array(interruption, { maxLength: 1 }))
    .chain(([declaration, second, more, cuts]) =>
      (more ? chapter(second.declaration).map((third) => [third]) : fc.constant([])).map((rest) => ({
        first: declaration,
        cuts,
        chapters: [second, ...rest],
      })),
    ),
);
export type Chapter = Story["chapters"][number];
export type Story = typeof story extends fc.Arbitrary<infer T> ? T : never;
