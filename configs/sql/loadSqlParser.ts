import type { ParseResult } from "libpg-query";
import type { ParseSql } from "./parseSql.ts";

/** Loads PostgreSQL's parser, compiled to WebAssembly: tens of milliseconds and 25 MB, which only mode logical pays for. */
export async function loadSqlParser(): Promise<ParseSql> {
  const { hasSqlDetails, loadModule, parseSync } = await import("libpg-query");
  await loadModule();
  return (text) => {
    // The library refuses an empty text, which to PostgreSQL is no statement.
    if (text.trim() === "") return { statements: [] };
    // To the library, which is C, it would be the text's end.
    const nul = text.indexOf("\0");
    if (nul >= 0) return { problem: "holds a NUL byte", offset: nul };
    try {
      const { stmts = [] } = parseSync(text) as ParseResult;
      const bytes = Buffer.from(text);
      return {
        statements: stmts.map(({ stmt, stmt_location = 0 }) => ({
          node: stmt!,
          offset: bytes.toString("utf8", 0, stmt_location).length,
        })),
      };
    } catch (error) {
      if (!hasSqlDetails(error)) throw error;
      const { message, cursorPosition } = error.sqlDetails;
      // PostgreSQL counts code points.
      return { problem: message, offset: Array.from(text).slice(0, Math.max(0, cursorPosition)).join("").length };
    }
  };
}
