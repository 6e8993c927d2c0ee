import type { Connections } from "../connections.ts";
import type { Desired } from "../desired.ts";
import { observe } from "../observe.ts";
import type { ObservedCluster } from "../observed.ts";
import { type Report, reportOn } from "../report.ts";
import { checks } from "./checks.ts";
import { probe } from "./probes.ts";

/**
 * Looks, probes, and judges: the whole verification, at any time. Changes nothing but the marker row. `lastSeen`, where there is one
 * from a moment ago, saves the first look.
 */
export async function verify(desired: Desired, connections: Connections, lastSeen?: ObservedCluster): Promise<Report> {
  const startedAt = Date.now();
  const probes = await probe(desired, connections, lastSeen ?? (await observe(desired.plan, connections)));
  // Looked at after the probes, so that what they caused (a slot that lost its reader, a standby that fell behind) is seen.
  const observed = await observe(desired.plan, connections);
  const evidence = { desired, observed, probes, now: Date.now() };
  const findings = checks.flatMap(({ id, examine }) => examine(evidence).map((finding) => ({ check: id, ...finding })));
  return reportOn(desired.plan, observed, findings, { startedAt, milliseconds: Date.now() - startedAt });
}
