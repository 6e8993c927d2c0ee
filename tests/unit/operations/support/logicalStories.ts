import { operations, type PublicationSpec, type PublishedTable } from "../../../../configs/spec.ts";
import type { Chapter, Story } from "./logicalArbitraries.ts";
import type { LogicalDeclaration } from "./logicalDesired.ts";

/** What once went wrong, or nearly; the second run of each is to be cut off at every moment. */
export const stories: readonly { readonly name: string; readonly story: Story }[] = [
  {
    name: "a table that has rows of the user's is published",
    story: story(published("a"), {
      faults: [{ fault: "the user puts rows into a table", pick: 1 }],
      declaration: published("a", "b"),
    }),
  },
  {
    name: "a table enters, leaves, and enters again",
    story: story(
      published("a"),
      { declaration: published("a", "b") },
      { declaration: published("a") },
      { declaration: published("a", "b") },
    ),
  },
  {
    name: "by hand, another publication brings rows that a filter keeps out",
    story: story(declared([publication("p", { schema: "public", name: "a", where: "x > 0" })]), {
      faults: [{ fault: "a schema is published as well", pick: 1 }],
      declaration: declared([publication("p", { schema: "public", name: "a", where: "x > 0" })]),
    }),
  },
  {
    name: "a subscriber leaves a publication that gets a table which another one brings it",
    story: story(
      declared([{ ...whole("p"), subscribers: ["pg-3"] }, publication("q", { schema: "sales", name: "c" })]),
      {
        declaration: declared([
          { ...whole("p"), subscribers: ["pg-3"] },
          { ...publication("q", { schema: "public", name: "a", columns: ["id", "x"] }), subscribers: ["pg-2"] },
        ]),
      },
    ),
  },
  {
    name: "more operations are published of a whole schema",
    story: story(declared([{ ...whole("p"), operations: ["insert"] }]), { declaration: declared([whole("p")]) }),
  },
  {
    name: "a table gets another filter, and its publication is dropped by hand",
    story: story(published("a", "b"), {
      faults: [{ fault: "a publication is dropped", pick: 0 }],
      declaration: declared([
        publication("p", { schema: "public", name: "a", where: "y > 0" }, { schema: "public", name: "b" }),
      ]),
    }),
  },
  {
    name: "one subscriber alone has to copy a table again",
    story: story(published("a", "b"), {
      faults: [{ fault: "a copied table's entry in our books is removed", pick: 1 }],
      declaration: published("a", "b"),
    }),
  },
  {
    name: "one subscriber alone is to have other rows of a table",
    story: story(
      declared([
        {
          ...publication("p", { schema: "public", name: "a", where: "x > 0" }, { schema: "public", name: "b" }),
          subscribers: ["pg-2"],
        },
        { ...publication("q", { schema: "public", name: "a" }), subscribers: ["pg-3"] },
      ]),
      { declaration: declared([publication("q", { schema: "public", name: "a" }, { schema: "public", name: "b" })]) },
    ),
  },
  {
    name: "a subscriber gets a table by the publication by which another one has it",
    story: story(
      declared([
        { ...publication("p", { schema: "public", name: "a" }), subscribers: ["pg-2"] },
        { ...publication("q", { schema: "public", name: "a" }), subscribers: ["pg-3"] },
      ]),
      { declaration: declared([publication("q", { schema: "public", name: "a" })]) },
    ),
  },
  {
    name: "a publication goes, and its table is taken over by one that is read already",
    story: story(
      declared([publication("p", { schema: "public", name: "a" }), publication("q", { schema: "public", name: "b" })]),
      { declaration: declared([publication("q", { schema: "public", name: "b" }, { schema: "public", name: "a" })]) },
    ),
  },
  {
    name: "a table moves from one publication to another, and the name of a third is given to both",
    story: story(
      declared([
        publication("p", { schema: "public", name: "a" }, { schema: "public", name: "b" }),
        publication("q", { schema: "sales", name: "c" }),
      ]),
      {
        declaration: declared([
          publication("p", { schema: "public", name: "a" }),
          publication("q", { schema: "sales", name: "c" }, { schema: "public", name: "b" }),
        ]),
      },
      {
        declaration: declared([
          publication(
            "r",
            { schema: "public", name: "a" },
            { schema: "public", name: "b" },
            { schema: "sales", name: "c" },
          ),
        ]),
      },
    ),
  },
];

function story(first: LogicalDeclaration, ...chapters: (Pick<Chapter, "declaration"> & Partial<Chapter>)[]): Story {
  const usual = { faults: [], lagging: [], keepVolumes: false, cuts: [] };
  return { first, cuts: [], chapters: chapters.map((chapter) => ({ ...usual, ...chapter })) };
}

function published(...names: readonly string[]): LogicalDeclaration {
  return declared([publication("p", ...names.map((name) => ({ schema: "public", name })))]);
}

function declared(publications: readonly PublicationSpec[]): LogicalDeclaration {
  const schema = { "1.sql": ["public.a", "public.b"], "2.sql": ["sales.c"] };
  return { nodes: ["pg-1", "pg-2", "pg-3"], schema, publications };
}

function publication(name: string, ...tables: readonly PublishedTable[]): PublicationSpec {
  return { name, operations: [...operations], content: { kind: "tables", tables }, subscribers: ["pg-2", "pg-3"] };
}

function whole(name: string): PublicationSpec {
  return { ...publication(name), content: { kind: "schemas", schemas: ["public"] } };
}
