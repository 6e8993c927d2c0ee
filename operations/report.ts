import Table from "cli-table3";
import type { ClusterPlan } from "../configs/plan.ts";
import { type NodeStatus, nodeStatus } from "./nodeStatus.ts";
import type { ObservedCluster } from "./observed.ts";
import { tableStyle } from "./tableStyle.ts";
import { describeTogether } from "./verificationSummary.ts";
import type { Finding } from "./verify/check.ts";

/** The result of one verification: what `verify --json` prints. Holds no secret. */
export interface Report {
  readonly stack: string;
  readonly mode: string;
  /** Every check passed. */
  readonly ok: boolean;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly milliseconds: number;
  readonly nodes: readonly NodeStatus[];
  readonly findings: readonly ReportedFinding[];
}

export type ReportedFinding = Finding & { readonly check: string };

export function reportOn(
  plan: ClusterPlan,
  observed: ObservedCluster,
  findings: readonly ReportedFinding[],
  time: { readonly startedAt: number; readonly milliseconds: number },
): Report {
  return {
    stack: plan.stack,
    mode: plan.mode,
    ok: findings.every(({ ok }) => ok),
    startedAt: new Date(time.startedAt).toISOString(),
    milliseconds: time.milliseconds,
    nodes: observed.nodes.map((node) => nodeStatus(plan, observed, node)),
    findings,
  };
}

/** The report for people: one row a check, failures in full below. */
export function renderReport(report: Report): string {
  const table = new Table({
    head: ["check", "result", "what was found"],
    style: tableStyle,
  });
  for (const check of new Set(report.findings.map((finding) => finding.check))) {
    const findings = report.findings.filter((finding) => finding.check === check);
    const failed = findings.filter(({ ok }) => !ok);
    table.push([check, failed.length === 0 ? "pass" : "FAIL", describeTogether(findings).join("\n")]);
  }
  const failures = report.findings.filter(({ ok }) => !ok);
  const verdict = report.ok
    ? `verified: ${report.findings.length} findings of ${new Set(report.findings.map(({ check }) => check)).size} checks, all good (${report.milliseconds} ms)`
    : `NOT verified: ${failures.length} of ${report.findings.length} findings failed`;
  return [table.toString(), verdict, ...failures.map(renderFailure)].join("\n");
}

function describe({ node, detail }: Finding): string {
  return node === undefined ? detail : `${node}: ${detail}`;
}

function renderFailure(finding: ReportedFinding): string {
  return `\n  ${finding.check}: ${describe(finding)}\n    what to do: ${finding.remedy}`;
}
