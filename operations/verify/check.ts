import type { Desired } from "../desired.ts";
import type { ObservedCluster, ObservedNode } from "../observed.ts";
import type { Probes } from "./probes.ts";

/** Everything that the checks judge. Plain data, gathered before the first of them. */
export interface Evidence {
  readonly desired: Desired;
  readonly observed: ObservedCluster;
  readonly probes: Probes;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** What one check found on one node, or on the cluster where `node` is missing. */
export interface Finding {
  readonly node?: string;
  readonly ok: boolean;
  /** What was found, in figures where there are any. */
  readonly detail: string;
  /** What to do about it; set when not ok. */
  readonly remedy?: string;
}

/** One property of the cluster. A pure function from the evidence to one finding for each node or pair that it looks at. */
export interface Check {
  /** Stable name, kebab-case; part of the report's JSON. */
  readonly id: string;
  readonly examine: (evidence: Evidence) => Finding[];
}

export function pass(detail: string, node?: string): Finding {
  return { ...(node === undefined ? {} : { node }), ok: true, detail };
}

export function fail(detail: string, remedy: string, node?: string): Finding {
  return { ...(node === undefined ? {} : { node }), ok: false, detail, remedy };
}

/** A finding for each node that has a running server; a node without one has failed `server-running` already. */
export function eachServer(
  { observed }: Evidence,
  examine: (node: ObservedNode & Required<Pick<ObservedNode, "server">>) => Finding | Finding[],
): Finding[] {
  return observed.nodes.flatMap((node) => (node.server === undefined ? [] : examine({ ...node, server: node.server })));
}

export function primaryOf({ desired, observed }: Evidence): ObservedNode | undefined {
  return observed.nodes.find(({ name }) => name === desired.plan.primary);
}

export function standbysOf({ desired, observed }: Evidence): ObservedNode[] {
  return observed.nodes.filter(({ name }) => name !== desired.plan.primary);
}

/** The command that repairs whatever the reconciler can repair. */
export function runUp({ desired }: Evidence): string {
  return `run \`npm run up -- --stack ${desired.plan.stack}\`; it repairs this`;
}
