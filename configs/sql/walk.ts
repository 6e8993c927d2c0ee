import type { Node } from "libpg-query";

/** Whatever a statement's kind and fields are called by the parser. */
export type NodeKind = Node extends infer Each ? (Each extends unknown ? keyof Each : never) : never;

/** The kind of a node and its fields, which differ from kind to kind. */
export function kindOf(node: Node): NodeKind {
  return Object.keys(node)[0] as NodeKind;
}

/** All nodes below a value of a parse tree, with their kinds; from outside to inside. */
export function* walk(value: unknown): Generator<{ readonly kind: string; readonly body: unknown }> {
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    // Kinds begin with a capital letter, fields of a node do not.
    if (!Array.isArray(value) && /^[A-Z]/.test(key)) yield { kind: key, body: inner };
    yield* walk(inner);
  }
}

/** The texts in a list of names, as PostgreSQL writes `a.b`: `["a", "b"]`. */
export function texts(nodes: readonly Node[] = []): string[] {
  return nodes.flatMap((node) => ("String" in node ? (node.String.sval ?? "") : []));
}
