import type { Connections } from "../connections.ts";
import type { Desired } from "../desired.ts";
import { observe } from "../observe.ts";
import type { ObservedCluster } from "../observed.ts";
import { type Report, reportOn } from "../report.ts";
import type { Evidence } from "./check.ts";
import { checksFor } from "./checks.ts";
import { probe } from "./probes.ts";

/** Evidence, and when the first of it was taken: milliseconds since the epoch. */
export type Gathered = Evidence & { readonly startedAt: number };

/** Looks, probes, and judges: the whole verification, at any time. Changes nothing but rows of its own. */
export async function verify(desired: Desired, connections: Connections): Promise<Report> {
  return judge(await gather(desired, connections, await observe(desired.plan, connections)));
}

/** Probes the nodes that should be there by what is known, then looks at all of them. */
export async function gather(desired: Desired, connections: Connections, known: ObservedCluster): Promise<Gathered> {
  const startedAt = Date.now();
  const probes = await probe(desired, connections, known);
  // Looked at after the probes, so that what they caused (a slot that lost its reader, a standby that fell behind) is seen.
  const observed = await observe(desired.plan, connections);
  return { desired, observed, probes, now: Date.now(), startedAt };
}

export function judge({ startedAt, ...evidence }: Gathered): Report {
  const { desired, observed, now } = evidence;
  const findings = checksFor(desired.plan.mode).flatMap(({ id, examine }) =>
    examine(evidence).map((finding) => ({ check: id, ...finding })),
  );
  return reportOn(desired.plan, observed, findings, { startedAt, milliseconds: now - startedAt });
}
