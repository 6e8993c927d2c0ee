import type { Desired } from "../desired.ts";
import { observe } from "../observe.ts";
import { type Report, reportOn } from "../report.ts";
import { checks } from "./checks.ts";
import { probe } from "./probes.ts";

/** Looks, probes, and judges: the whole verification, at any time. Changes nothing but the marker row. */
export async function verify(desired: Desired): Promise<Report> {
  const startedAt = Date.now();
  const anyNode = Object.values(desired.nodes)[0]!;
  const probes = await probe(desired, await observe(desired.plan), anyNode.files["tls/ca.crt"]!);
  // Looked at after the probes, so that what they caused (a slot that lost its reader, a standby that fell behind) is seen.
  const observed = await observe(desired.plan);
  const evidence = { desired, observed, probes, now: Date.now() };
  const findings = checks.flatMap(({ id, examine }) => examine(evidence).map((finding) => ({ check: id, ...finding })));
  return reportOn(desired.plan, observed, findings, { startedAt, milliseconds: Date.now() - startedAt });
}
