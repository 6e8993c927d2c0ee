import { type FailoverOptions, type FailoverResult, failover as failOver } from "../operations/failover/failover.ts";
import { stderrProgress } from "../operations/progress.ts";
import { renderReport } from "../operations/report.ts";
import { appliedCluster } from "./appliedCluster.ts";
import { setPrimary } from "./setPrimary.ts";

export interface FailoverCommandOptions extends FailoverOptions {
  readonly stack: string;
  readonly json: boolean;
}

/**
 * Promotes a standby in place of a dead primary and writes it into the stack config. Exit code 0 when that is done and the nodes that are left
 * are verified, 1 when not.
 */
export async function failover({ stack, json, ...options }: FailoverCommandOptions): Promise<number> {
  const result = await failOver(await appliedCluster(stack), options, stderrProgress());
  await setPrimary(stack, result.primary);
  process.stdout.write(json ? `${JSON.stringify(result, null, 2)}\n` : render(result));
  return result.report.ok ? 0 : 1;
}

function render({ former, primary, rpo, mayLose, rto, received, stack, report }: FailoverResult): string {
  return `${renderReport(report)}

${primary} is the primary in place of ${former}, from ${received} on.
RPO  ${rpo === 0 ? "0: every acknowledged row is there" : `not known: ${mayLose}`}
RTO  ${(rto / 1000).toFixed(1)} s, from the end of ${former} to the promotion of ${primary}

${former} is fenced: it serves nobody, whoever starts it. To make it a standby: npm run up -- --stack ${stack}
`;
}
