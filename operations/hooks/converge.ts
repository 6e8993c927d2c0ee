import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { text } from "node:stream/consumers";
import { readPlan } from "../../configs/planText.ts";
import { UserError } from "../../configs/userError.ts";
import { Connections } from "../connections.ts";
import { converge } from "../converge.ts";
import { type Desired, desiredState } from "../desired.ts";
import { NodeContainer } from "../docker.ts";
import type { Material } from "../material.ts";
import { stderrProgress } from "../progress.ts";
import { type Report, renderReport } from "../report.ts";
import { judge } from "../verify/verify.ts";
import { requiredEnvironment } from "./requiredEnvironment.ts";

/** Run by the Convergence resource: leads the cluster to the plan, verifies it, and prints the report as JSON on stdout. */
export async function convergeHook(): Promise<void> {
  const material = JSON.parse(requiredEnvironment("MATERIAL")) as Material;
  const plan = readPlan(requiredEnvironment("PLAN"), material.files, await text(process.stdin));
  const desired = desiredState(plan, material, requiredEnvironment("IMAGE"));
  await using connections = new Connections();
  const evidence = await converge(desired, connections, stderrProgress());
  await writeCaFile(material);
  const report = judge(evidence);
  process.stderr.write(`${renderReport(report)}\n`);
  if (!report.ok) throw new UserError(await lastLogLines(desired, report));
  process.stdout.write(`${JSON.stringify(report)}\n`);
}

async function writeCaFile({ caFile, caCertificate }: Material): Promise<void> {
  await mkdir(dirname(caFile), { recursive: true });
  await writeFile(caFile, caCertificate);
}

/** The logs of the nodes on which a check failed. */
async function lastLogLines(desired: Desired, report: Report): Promise<string> {
  const failed = new Set(report.findings.flatMap(({ ok, node }) => (ok || node === undefined ? [] : node)));
  const logs = [...failed].map(async (node) => {
    const container = new NodeContainer(desired.nodes[node]!.plan.container);
    const present = (await container.inspect()) !== undefined;
    return `The last lines of the log of ${node}:\n${present ? await container.logTail(15) : "(its container is gone)"}`;
  });
  return [
    "The cluster is not verified; the failed checks are above, each with what to do.",
    ...(await Promise.all(logs)),
  ].join("\n");
}
