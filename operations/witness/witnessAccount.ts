import { type Latencies, LatencyTally } from "../latencies.ts";
import { compareRows, type RowComparison } from "./compareRows.ts";
import type { LagSample } from "./lagSamples.ts";
import { type Gap, longestGap } from "./longestGap.ts";
import type { ProbedNode } from "./probeNode.ts";
import { type AcceptedWrite, findSplitBrain, type SplitBrain } from "./splitBrain.ts";
import { type Throughput, throughput } from "./throughput.ts";
import type { FoundRow, WrittenRow } from "./writtenRow.ts";

/** What a witness saw. Times are milliseconds since it began. */
export interface WitnessHistory {
  readonly clients: number;
  /** When it was told to stop. */
  readonly end: number;
  readonly written: readonly WrittenRow[];
  /** By node. */
  readonly probes: Readonly<Record<string, ProbedNode>>;
  readonly lag: readonly LagSample[];
  readonly marks: readonly Mark[];
  /** What went wrong with connections and statements, and how often. */
  readonly errors: readonly { readonly text: string; readonly count: number }[];
}

/** Something that happened meanwhile. */
export interface Mark {
  readonly at: number;
  readonly text: string;
}

/** The account of a witness: plain data without a secret. */
export interface WitnessAccount extends RowComparison, Pick<WitnessHistory, "clients" | "lag" | "marks" | "errors"> {
  /** Nothing acknowledged is lost, nothing is there that should not be, and never did two nodes accept writes. */
  readonly ok: boolean;
  /** Where the rows were counted: the node that accepts writes in the end. */
  readonly accountedOn: string;
  readonly milliseconds: number;
  readonly acknowledged: number;
  readonly failed: number;
  readonly indeterminate: number;
  /** The longest time in which no client's row was acknowledged: RTO. */
  readonly longestGap: Gap;
  /** The longest time that one client had to wait. */
  readonly longestGapOfOneClient: Gap & { readonly client: number };
  /** From sending an acknowledged row to its acknowledgement. */
  readonly latency: Latencies | null;
  /** Acknowledged rows a second. */
  readonly perSecond: number;
  readonly throughput: Throughput;
  readonly splitBrain: readonly SplitBrain[];
  /** Writes that were tried on each node by itself. */
  readonly probed: Readonly<Record<string, ProbeCounts>>;
  /** Terms in which nodes accepted writes, in the order of their first acknowledgement. */
  readonly primaries: readonly { readonly node: string; readonly timeline: number; readonly from: number }[];
}

export interface ProbeCounts {
  readonly accepted: number;
  readonly refused: number;
  readonly unanswered: number;
}

/** Milliseconds of one value of `throughput`: fine enough to see a stall of a quarter of a second. */
const throughputInterval = 200;

/** @param found the witness' table, read from the node `accountedOn` after the last row was sent */
export function accountFor(history: WitnessHistory, found: readonly FoundRow[], accountedOn: string): WitnessAccount {
  const { clients, end, written, probes, lag, marks, errors } = history;
  const acknowledged = written.filter(({ outcome }) => outcome === "acknowledged");
  const rows = compareRows(written, found);
  const accepted = [...acknowledgedWrites(acknowledged), ...Object.values(probes).flatMap((probe) => probe.accepted)];
  const splitBrain = findSplitBrain(accepted);
  const wrongRows = [rows.missing, rows.repeated, rows.failedButPresent, rows.neverSent];
  const moments = acknowledged.map(({ endedAt }) => endedAt);
  return {
    ok: splitBrain.length === 0 && wrongRows.every(({ length }) => length === 0),
    accountedOn,
    clients,
    milliseconds: end,
    acknowledged: acknowledged.length,
    failed: written.filter(({ outcome }) => outcome === "failed").length,
    indeterminate: rows.indeterminatePresent + rows.indeterminateAbsent,
    ...rows,
    longestGap: longestGap(moments, 0, end),
    longestGapOfOneClient: longestGapOfOneClient(acknowledged, clients, end),
    latency: latencyOf(acknowledged),
    perSecond: end === 0 ? 0 : (acknowledged.length * 1000) / end,
    throughput: throughput(moments, end, throughputInterval),
    splitBrain,
    probed: Object.fromEntries(
      Object.entries(probes).map(([node, { accepted, refused, unanswered }]) => [
        node,
        { accepted: accepted.length, refused, unanswered },
      ]),
    ),
    primaries: primariesOf(accepted),
    lag,
    marks,
    errors,
  };
}

function acknowledgedWrites(rows: readonly WrittenRow[]): AcceptedWrite[] {
  return rows.map(({ node, timeline, sentAt, endedAt }) => ({ node, timeline, sentAt, acknowledgedAt: endedAt }));
}

function longestGapOfOneClient(acknowledged: readonly WrittenRow[], clients: number, end: number) {
  const byClient = Map.groupBy(acknowledged, ({ client }) => client);
  const gaps = Array.from({ length: clients }, (_, client) => {
    const moments = (byClient.get(client) ?? []).map(({ endedAt }) => endedAt);
    return { client, ...longestGap(moments, 0, end) };
  });
  return gaps.reduce((longest, gap) => (gap.milliseconds > longest.milliseconds ? gap : longest));
}

function latencyOf(acknowledged: readonly WrittenRow[]): Latencies | null {
  const tally = new LatencyTally();
  for (const { sentAt, endedAt } of acknowledged) tally.add(Math.round((endedAt - sentAt) * 1000));
  return tally.milliseconds;
}

function primariesOf(accepted: readonly AcceptedWrite[]) {
  const terms = new Map<string, { node: string; timeline: number; from: number }>();
  for (const { node, timeline, acknowledgedAt } of accepted) {
    const key = `${timeline}/${node}`;
    const term = terms.get(key);
    if (term === undefined) terms.set(key, { node, timeline, from: acknowledgedAt });
    else term.from = Math.min(term.from, acknowledgedAt);
  }
  return [...terms.values()].sort((a, b) => a.from - b.from);
}
