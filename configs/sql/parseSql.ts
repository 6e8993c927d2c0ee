import type { Node } from "libpg-query";

/** PostgreSQL's own parse of a text with any number of statements. */
export type ParseSql = (text: string) => ParsedSql;

export type ParsedSql = { readonly statements: readonly Statement[] } | SyntaxProblem;

export interface Statement {
  /** PostgreSQL's raw parse tree: one key, the kind of the statement. */
  readonly node: Node;
  /** Where it begins: a number of characters from the beginning of the text, comments and blanks before it included. */
  readonly offset: number;
}

/** Why a text is no SQL, in PostgreSQL's words. */
export interface SyntaxProblem {
  readonly problem: string;
  /** A number of characters from the beginning of the text. */
  readonly offset: number;
}
