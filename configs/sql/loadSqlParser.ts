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
      // The library counts bytes. Each statement goes on from the one before: a long file is decoded once.
      let location = 0;
      let offset = 0;
      const statements = stmts.map(({ stmt, stmt_location = 0 }) => {
        offset += bytes.toString("utf8", location, stmt_location).length;
        location = stmt_location;
        return { node: stmt!, offset };
      });
      return { statements };
    } catch (error) {
      if (!hasSqlDetails(error)) throw error;
      const { message, cursorPosition } = error.sqlDetails;
      // PostgreSQL counts code points.
      return { problem: message, offset: Array.from(text).slice(0, Math.max(0, cursorPosition)).join("").length };
    }
  };
}
