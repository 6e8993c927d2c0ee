import { Connections } from "../operations/connections.ts";
import { renderReport } from "../operations/report.ts";
import { verify as verifyCluster } from "../operations/verify/verify.ts";
import { appliedCluster } from "./appliedCluster.ts";

export interface VerifyOptions {
  readonly stack: string;
  readonly json?: boolean;
}

/** The verification of `up` alone, against what was last applied. Changes nothing but rows of its own. Exit code: 0 verified, 1 not. */
export async function verify({ stack, json }: VerifyOptions): Promise<number> {
  const desired = await appliedCluster(stack);
  await using connections = new Connections();
  const report = await verifyCluster(desired, connections);
  process.stdout.write(`${json ? JSON.stringify(report, null, 2) : renderReport(report)}\n`);
  return report.ok ? 0 : 1;
}
