import type { ClusterPlan } from "../../configs/plan.ts";
import { answerOf } from "./answerOf.ts";
import type { NodeAnswers } from "./clusterWatch.ts";
import type { PhysicalSample } from "./physicalSample.ts";
import { rateBetween } from "./rates.ts";

/** What `watch --json` prints each time for a cluster with physical replication. */
export interface PhysicalView {
  readonly stack: string;
  readonly mode: string;
  /** ISO 8601. */
  readonly at: string;
  readonly nodes: readonly WatchedNode[];
}

/** Lags are behind the primary's flushed WAL. null is what does not apply, is not known, or needs a look before this one. */
export interface WatchedNode {
  readonly node: string;
  readonly role: "primary" | "standby" | "unknown";
  /** `running`; of a standby what pg_stat_replication calls it; else what is wrong. */
  readonly state: string;
  readonly syncState: string | null;
  readonly writeLagBytes: number | null;
  readonly writeLagSeconds: number | null;
  readonly flushLagBytes: number | null;
  readonly flushLagSeconds: number | null;
  readonly replayLagBytes: number | null;
  readonly replayLagSeconds: number | null;
  /** WAL that a primary flushed, and that a standby replayed. */
  readonly walBytesPerSecond: number | null;
  /** In the application's database, as is what follows. */
  readonly transactionsPerSecond: number | null;
  /** A standby's replay counts nothing. */
  readonly rowsInsertedPerSecond: number | null;
  readonly rowsReadPerSecond: number | null;
}

/** What two looks, one after the other, say together. */
export function physicalView(
  plan: ClusterPlan,
  answers: NodeAnswers<PhysicalSample>,
  before: NodeAnswers<PhysicalSample>,
  at: Date,
): PhysicalView {
  const writable = plan.nodes.filter(({ name }) => answerOf(answers, name)?.inRecovery === false);
  const primary = writable.find(({ name }) => name === plan.primary) ?? writable[0];
  const primarySample = primary && answerOf(answers, primary.name);
  const nodes = plan.nodes.map(({ name }) => {
    const answer = answers[name]!;
    if ("state" in answer) return { node: name, role: "unknown", state: answer.state, ...nothing } as const;
    return watchedNode(name, answer.answer, answerOf(before, name), primarySample);
  });
  return { stack: plan.stack, mode: plan.mode, at: at.toISOString(), nodes };
}

const nothing = {
  syncState: null,
  writeLagBytes: null,
  writeLagSeconds: null,
  flushLagBytes: null,
  flushLagSeconds: null,
  replayLagBytes: null,
  replayLagSeconds: null,
  walBytesPerSecond: null,
  transactionsPerSecond: null,
  rowsInsertedPerSecond: null,
  rowsReadPerSecond: null,
} as const;

function watchedNode(
  node: string,
  sample: PhysicalSample,
  before: PhysicalSample | undefined,
  primary: PhysicalSample | undefined,
): WatchedNode {
  const comparable = before?.inRecovery === sample.inRecovery ? before : undefined;
  const rate = (counter: (sample: PhysicalSample) => number | null) => rateBetween(comparable, sample, counter);
  const rates = {
    walBytesPerSecond: rate(({ inRecovery, flushed, replayed }) => (inRecovery ? replayed : flushed)),
    transactionsPerSecond: rate(({ transactions }) => transactions),
    rowsInsertedPerSecond: rate(({ rowsInserted }) => rowsInserted),
    rowsReadPerSecond: rate(({ rowsRead }) => rowsRead),
  };
  if (!sample.inRecovery) return { node, role: "primary", state: "running", ...nothing, ...rates };
  const { state, ...lag } = standbyLag(node, sample, primary);
  return { node, role: "standby", state, ...nothing, ...lag, ...rates };
}

function standbyLag(node: string, { flushed, replayed, replayLagSeconds }: PhysicalSample, primary?: PhysicalSample) {
  const standby = primary?.standbys.find(({ name }) => name === node);
  if (standby !== undefined) {
    const { name: _, ...lag } = standby;
    return {
      ...lag,
      writeLagSeconds: secondsBehind(lag.writeLagBytes, lag.writeLagSeconds),
      flushLagSeconds: secondsBehind(lag.flushLagBytes, lag.flushLagSeconds),
      replayLagSeconds: secondsBehind(lag.replayLagBytes, replayLagSeconds),
    };
  }
  // The primary does not see it: then its own positions say how far behind it is.
  return {
    state: "not streaming",
    flushLagBytes: behind(primary?.flushed, flushed),
    replayLagBytes: behind(primary?.flushed, replayed),
    replayLagSeconds: null,
  };
}

/** What was measured last is kept by the server for a while, also when there is nothing behind any more. */
function secondsBehind(bytes: number | null, measured: number | null): number | null {
  return bytes === 0 ? 0 : measured;
}

function behind(primary: number | null | undefined, standby: number | null): number | null {
  return primary == null || standby === null ? null : Math.max(0, primary - standby);
}
