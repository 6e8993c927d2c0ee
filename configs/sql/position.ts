/** A place in a text as people count: `line 3, column 8`. `offset` is in characters from the beginning. */
export function positionText(text: string, offset: number): string {
  const lines = text.slice(0, offset).split("\n");
  return `line ${lines.length}, column ${Array.from(lines.at(-1) ?? "").length + 1}`;
}

const blanksAndComments = /(?:\s|--[^\n]*(?:\n|$)|\/\*(?:[^*]|\*(?!\/))*\*\/)*/y;

/** Where a statement really begins: PostgreSQL counts the blanks and comments before it as part of it. */
export function statementStart(text: string, offset: number): number {
  blanksAndComments.lastIndex = offset;
  blanksAndComments.test(text);
  return blanksAndComments.lastIndex;
}
