import Table from "cli-table3";
import { formatBytes } from "../formatBytes.ts";
import { tableStyle } from "../tableStyle.ts";
import type { PhysicalView, WatchedNode } from "./physicalView.ts";
import { formatLag, formatRate, timeOfDay, title } from "./watchWords.ts";

const head = [
  "node",
  "role",
  "state",
  "sync",
  "write lag",
  "flush lag",
  "replay lag",
  "WAL/s",
  "tx/s",
  "rows in/s",
  "rows out/s",
];

/** The view in several lines, for a terminal. */
export function physicalTable(view: PhysicalView): string {
  const table = new Table({ head, style: tableStyle });
  for (const node of view.nodes) {
    table.push([
      node.node,
      node.role,
      node.state,
      node.syncState ?? "",
      formatLag(node.writeLagBytes, node.writeLagSeconds),
      formatLag(node.flushLagBytes, node.flushLagSeconds),
      formatLag(node.replayLagBytes, node.replayLagSeconds),
      formatBytes(node.walBytesPerSecond),
      formatRate(node.transactionsPerSecond),
      formatRate(node.rowsInsertedPerSecond),
      formatRate(node.rowsReadPerSecond),
    ]);
  }
  return `${title(view)}\n${table}`;
}

/** The view in one line, where lines follow each other. */
export function physicalLine(view: PhysicalView): string {
  return [timeOfDay(view.at), ...view.nodes.map(nodeWords)].join(" | ");
}

function nodeWords(node: WatchedNode): string {
  const { role, state, syncState, transactionsPerSecond, walBytesPerSecond } = node;
  const words = [node.node];
  if (role !== "unknown") words.push(role);
  if (role !== "primary") words.push(state);
  if (syncState !== null) words.push(syncState);
  const lag = formatLag(node.replayLagBytes, node.replayLagSeconds);
  if (lag !== "") words.push(`${lag} behind`);
  if (walBytesPerSecond !== null) words.push(`${formatBytes(walBytesPerSecond)}/s WAL`);
  if (transactionsPerSecond !== null) words.push(`${formatRate(transactionsPerSecond)} tx/s`);
  return words.join(" ");
}
