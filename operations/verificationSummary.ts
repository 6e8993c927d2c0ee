import type { NodeStatus } from "./nodeStatus.ts";
import type { Report } from "./report.ts";
import type { Finding } from "./verify/check.ts";

/** The report as the stack's output `verification`: short enough to be read in every `pulumi up`; `verify --json` has it in full. */
export interface VerificationSummary extends Omit<Report, "nodes" | "findings"> {
  /** By node: role, state, timeline, sync state. */
  readonly nodes: Readonly<Record<string, string>>;
  /** By check: what was found. */
  readonly checks: Readonly<Record<string, string>>;
}

export function summarise({ nodes, findings, ...rest }: Report): VerificationSummary {
  const byCheck = Map.groupBy(findings, ({ check }) => check);
  return {
    ...rest,
    nodes: Object.fromEntries(nodes.map((node) => [node.node, describeNode(node)])),
    checks: Object.fromEntries([...byCheck].map(([check, found]) => [check, describeTogether(found).join("; ")])),
  };
}

function describeNode({ role, state, timeline, syncState }: NodeStatus): string {
  return [role, state, `timeline ${timeline}`, syncState].filter(Boolean).join(", ");
}

/** One line for each different detail, with the nodes that it holds for. */
export function describeTogether(findings: readonly Finding[]): string[] {
  const nodes = Map.groupBy(findings, ({ detail }) => detail);
  return [...nodes].map(([detail, alike]) =>
    [alike.flatMap(({ node }) => node ?? []).join(", "), detail].filter(Boolean).join(": "),
  );
}
