import { formatCount } from "../formatCount.ts";
import type { Latencies } from "../latencies.ts";
import type { LoadCounts, LoadResult } from "./load.ts";

/** What there is to say of a load at work. */
export interface LoadMoment extends LoadCounts {
  readonly requested: number;
  readonly read: boolean;
  /** Acknowledged a second, lately. */
  readonly perSecond: number;
}

/** One line a second, where nothing can be overwritten. */
export function renderMoment({ acknowledged, requested, read, perSecond, ...others }: LoadMoment): string {
  const what = read ? "queries answered" : "rows acknowledged";
  const faults = [...count(others.failed, "failed"), ...count(others.unconfirmed, "not confirmed by standbys")];
  return [
    `${formatCount(acknowledged)} of ${formatCount(requested)} ${what}`,
    `${formatCount(perSecond)}/s`,
    ...faults,
  ].join(", ");
}

/** The same with a bar before it, as wide as the terminal leaves room for. */
export function renderBar(moment: LoadMoment, width: number): string {
  const text = renderMoment(moment);
  const room = Math.min(40, width - text.length - 3);
  if (room < 5) return text;
  const filled = Math.floor((moment.acknowledged / moment.requested) * room);
  return `▕${"█".repeat(filled)}${" ".repeat(room - filled)}▏ ${text}`;
}

/** The result for people. */
export function renderLoad(result: LoadResult): string {
  const { operation, requested, acknowledged, failed, unconfirmed, rowsInTable, nodes, seconds } = result;
  const what = operation === "read" ? "queries answered" : "rows acknowledged";
  const remaining = requested - acknowledged - failed - unconfirmed;
  const lines = [
    `${formatCount(acknowledged)} of ${formatCount(requested)} ${what} by ${nodes.map(({ node }) => node).join(", ")} in ` +
      `${seconds.toFixed(1)} s: ${formatCount(result.perSecond)}/s`,
    ...latencyLine("latency", result.latencyMilliseconds),
  ];
  if (nodes.length > 1) {
    for (const { node, acknowledged, perSecond, latencyMilliseconds } of nodes) {
      lines.push(
        ...latencyLine(
          `  ${node}: ${formatCount(acknowledged)}, ${formatCount(perSecond)}/s, latency`,
          latencyMilliseconds,
        ),
      );
    }
  }
  lines.push(
    ...count(failed, "failed"),
    ...count(unconfirmed, "committed on the primary but not confirmed by as many standbys as asked for"),
    ...count(remaining, "not done, or cut short with an outcome that is not known"),
    ...result.errors.map(({ text, count }) => `  ${count > 1 ? `${formatCount(count)} × ` : ""}${text}`),
  );
  if (operation === "insert") {
    const rows =
      rowsInTable === null ? "Not counted, see above" : `${formatCount(rowsInTable)} rows of this run are in the table`;
    lines.push(`${rows}: select count(*) from ${result.table} where run = '${result.run}'`);
    if (rowsInTable !== null && rowsInTable < acknowledged) {
      lines.push(`${formatCount(acknowledged - rowsInTable)} ACKNOWLEDGED ROWS ARE MISSING`);
    }
  }
  return lines.join("\n");
}

/** All that was asked for was acknowledged, and is there. */
export function isComplete({ requested, acknowledged, rowsInTable }: LoadResult): boolean {
  return acknowledged === requested && (rowsInTable === null || rowsInTable >= acknowledged);
}

function latencyLine(label: string, latency: Latencies | null): string[] {
  if (latency === null) return [];
  const { p50, p95, p99, max } = latency;
  const milliseconds = (value: number) => `${value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)} ms`;
  const figures = Object.entries({ p50, p95, p99, max }).map(([name, value]) => `${name} ${milliseconds(value)}`);
  return [`${label} ${figures.join(", ")}`];
}

const count = (value: number, what: string): string[] => (value === 0 ? [] : [`${formatCount(value)} ${what}`]);
