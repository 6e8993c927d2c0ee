import type { ColumnRef, FuncCall, Node } from "libpg-query";
import type { TableName } from "../tableName.ts";
import type { ParseSql } from "./parseSql.ts";
import { positionText } from "./position.ts";
import { texts, walk } from "./walk.ts";

/** A publication's row filter, looked at without a database; or why PostgreSQL would not take it. */
export type RowFilter = { readonly columns: readonly string[] } | { readonly problem: string };

const before = "select (";

/**
 * Reads a row filter: one expression over the table's own columns, of immutable functions that PostgreSQL brings along (manual, "CREATE
 * PUBLICATION: Notes"). Which functions and types those are only the database knows; what is common and certain is found here.
 */
export function readRowFilter(parse: ParseSql, where: string, table: TableName): RowFilter {
  const parsed = parse(`${before}${where}\n)`);
  if ("problem" in parsed) {
    const offset = Math.min(Math.max(parsed.offset - before.length, 0), where.length);
    return { problem: `is no SQL expression: ${parsed.problem} (${positionText(where, offset)})` };
  }
  const [statement] = parsed.statements;
  const expression = parsed.statements.length === 1 && statement ? onlyExpression(statement.node) : undefined;
  // Without our parentheses, too: those in the text must be closed by others in the text.
  if (expression === undefined || "problem" in parse(`select ${where}\n`))
    return { problem: "is more than one SQL expression" };
  return readExpression(expression, table);
}

/** `select (expression)` and nothing else. */
function onlyExpression(node: Node): Node | undefined {
  if (!("SelectStmt" in node)) return undefined;
  const { targetList = [], limitOption: _, op: __, ...others } = node.SelectStmt;
  const [target] = targetList;
  if (targetList.length !== 1 || Object.keys(others).length > 0 || !target || !("ResTarget" in target))
    return undefined;
  const { name, val } = target.ResTarget;
  // In parentheses, `a, b` is one row.
  return name === undefined && val && !("RowExpr" in val) ? val : undefined;
}

function readExpression(expression: Node, table: TableName): RowFilter {
  const columns = new Set<string>();
  for (const { kind, body } of walk(expression)) {
    const problem = refused[kind] ?? (kind === "FuncCall" ? refusedCall(body as FuncCall) : undefined);
    if (problem !== undefined) return { problem };
    if (kind !== "ColumnRef") continue;
    const column = columnOf(body as ColumnRef, table);
    if (column === undefined) return { problem: "refers to something else than a column of the table" };
    if (systemColumns.includes(column)) return { problem: `refers to ${column}, a column of PostgreSQL's own` };
    columns.add(column);
  }
  return { columns: [...columns] };
}

/** `column`, `table.column` or `schema.table.column`. */
function columnOf({ fields = [] }: ColumnRef, { schema, name }: TableName): string | undefined {
  const names = texts(fields);
  if (names.length !== fields.length) return undefined;
  const qualifiers = names.slice(0, -1);
  const own = [schema, name].slice(2 - qualifiers.length);
  return qualifiers.length <= 2 && qualifiers.every((each, index) => each === own[index]) ? names.at(-1) : undefined;
}

const systemColumns = ["ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"];

const refused: Readonly<Record<string, string>> = {
  SubLink: "holds a subquery, and a filter sees one row alone",
  ParamRef: "holds a parameter, and nobody would give it a value",
  SQLValueFunction: "depends on when or by whom it is asked, and a filter must say the same of a row for ever",
  SetToDefault: "holds DEFAULT, which is no value here",
};

const volatileFunctions =
  /^(?:now|(?:transaction|statement|clock)_timestamp|timeofday|random|gen_random_uuid|nextval|currval|lastval|setval|current_setting|pg_backend_pid|txid_current)$/;

/** The common ones; all others are known to the database alone. */
const aggregates = /^(?:sum|avg|count|min|max|bool_and|bool_or|every|(?:array|string|json|jsonb|xml)_agg)$/;

function refusedCall({ funcname, over, agg_star, agg_distinct, agg_filter, agg_order }: FuncCall): string | undefined {
  const name = texts(funcname).at(-1) ?? "";
  if (over || agg_star || agg_distinct || agg_filter || agg_order || aggregates.test(name))
    return `calls ${name} over several rows, and a filter sees one row alone`;
  if (!volatileFunctions.test(name)) return undefined;
  return `calls ${name}(), and a filter must say the same of a row for ever`;
}
