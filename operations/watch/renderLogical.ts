import Table from "cli-table3";
import { formatCount } from "../formatCount.ts";
import { tableStyle } from "../tableStyle.ts";
import type { LogicalView, WatchedLogicalNode } from "./logicalView.ts";
import { formatLag, formatRate, timeOfDay, title } from "./watchWords.ts";

/** The view in several lines, for a terminal: the nodes, then the rows of each table on each of them. */
export function logicalTable(view: LogicalView): string {
  const { nodes, tables } = view;
  const nodeTable = new Table({ head: ["node", "role", "state", "lag", "rows changed/s"], style: tableStyle });
  for (const { node, role, state, lagBytes, lagSeconds, rowsChangedPerSecond } of nodes) {
    nodeTable.push([node, role, state, formatLag(lagBytes, lagSeconds), formatRate(rowsChangedPerSecond)]);
  }
  const rowTable = new Table({ head: ["rows of", ...nodes.map(({ node }) => node)], style: tableStyle });
  for (const { table, rows } of tables) rowTable.push([table, ...nodes.map(({ node }) => formatRows(rows[node]))]);
  return `${title(view)}\n${nodeTable}\n${rowTable}`;
}

/** The view in one line, where lines follow each other. */
export function logicalLine({ at, nodes, tables }: LogicalView): string {
  const counts = tables.map(
    ({ table, rows }) => `${table} ${nodes.map(({ node }) => formatRows(rows[node])).join("/")}`,
  );
  return [timeOfDay(at), ...nodes.map(nodeWords), ...counts].join(" | ");
}

function nodeWords({ node, role, state, lagBytes, lagSeconds, rowsChangedPerSecond }: WatchedLogicalNode): string {
  const words = [node, role, state];
  const lag = formatLag(lagBytes, lagSeconds);
  if (lag !== "") words.push(`${lag} behind`);
  if (rowsChangedPerSecond !== null) words.push(`${formatRate(rowsChangedPerSecond)} rows/s`);
  return words.join(" ");
}

const formatRows = (rows: number | null | undefined): string => (rows == null ? "?" : formatCount(rows));
