import { formatCount } from "../formatCount.ts";
import type { DrillResult } from "./drill.ts";

/** A line of the table that people are shown. */
export interface Figure {
  readonly name: string;
  readonly value: string;
  /** What it says about the promise; undefined where it promises nothing. */
  readonly good?: boolean;
}

export function drillFigures({ account, recoveryAt, wholeAt }: DrillResult): Figure[] {
  const { missing, repeated, failedButPresent, neverSent, splitBrain, longestGap, longestGapOfOneClient, latency } =
    account;
  const none = (name: string, { length }: { readonly length: number }): Figure => ({
    name,
    value: formatCount(length),
    good: length === 0,
  });
  const { indeterminatePresent, indeterminateAbsent } = account;
  return [
    { name: "acknowledged", value: `${formatCount(account.acknowledged)} (${formatCount(account.perSecond)}/s)` },
    { name: "failed", value: formatCount(account.failed) },
    {
      name: "indeterminate",
      value: `${formatCount(account.indeterminate)} (${formatCount(indeterminatePresent)} there, ${formatCount(indeterminateAbsent)} not)`,
    },
    none("acknowledged and lost (RPO)", missing),
    none("there more than once", repeated),
    none("failed, and there nonetheless", failedButPresent),
    none("there, and never sent", neverSent),
    {
      name: "two primaries at once",
      value: splitBrain.length === 0 ? "never seen" : `SEEN: ${splitBrain.map(seen).join("; ")}`,
      good: splitBrain.length === 0,
    },
    { name: "longest gap in writes (RTO)", value: duration(longestGap.milliseconds) },
    { name: "longest gap of one client", value: duration(longestGapOfOneClient.milliseconds) },
    {
      name: "latency p50 / p95 / p99 / max",
      value: latency === null ? "" : [latency.p50, latency.p95, latency.p99, latency.max].map(duration).join(" / "),
    },
    {
      name: "whole again after the recovery",
      value: wholeAt === null ? "NO" : duration(wholeAt - recoveryAt),
      good: wholeAt !== null,
    },
    {
      name: "accepted writes, in this order",
      value: account.primaries.map(({ node, timeline }) => `${node} (timeline ${timeline})`).join(", "),
    },
  ];
}

function seen({ earlier, later }: DrillResult["account"]["splitBrain"][number]): string {
  const term = ({ node, timeline }: typeof earlier) => `${node} (timeline ${timeline})`;
  return `${term(later)} accepted a write that was sent ${duration(later.sentAt - earlier.acknowledgedAt)} after ${term(earlier)} had accepted one`;
}

export function duration(milliseconds: number): string {
  if (milliseconds >= 10_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  if (milliseconds >= 1_000) return `${(milliseconds / 1000).toFixed(2)} s`;
  return `${milliseconds.toFixed(milliseconds > 0 && milliseconds < 10 ? 1 : 0)} ms`;
}

/** In one sentence. */
export function verdict({ ok, account, wholeAt }: DrillResult): string {
  if (ok) return "No acknowledged row is lost, and never did two nodes accept writes.";
  const { missing, splitBrain } = account;
  const faults = [
    ...(missing.length > 0 ? [`${formatCount(missing.length)} ACKNOWLEDGED ROWS ARE LOST`] : []),
    ...(splitBrain.length > 0 ? ["TWO NODES ACCEPTED WRITES"] : []),
    ...(account.ok || missing.length + splitBrain.length > 0 ? [] : ["ROWS ARE THERE THAT SHOULD NOT BE"]),
    ...(wholeAt === null ? ["THE CLUSTER IS NOT WHOLE AGAIN"] : []),
  ];
  return `${faults.join("; ")}.`;
}
