import type { ClusterPlan } from "../../configs/plan.ts";
import { UserError } from "../../configs/userError.ts";
import { lsn } from "../lsn.ts";
import type { ObservedCluster, ObservedNode } from "../observed.ts";
import { synchronousStandbyNamesIn } from "../quorumNames.ts";

export interface FailoverChoice {
  readonly successor: string;
  /** The other standbys that can be seen: they are told to follow. */
  readonly followers: readonly string[];
  /** Where an acknowledged row may be missing, why. */
  readonly mayLose?: string;
  /** What the successor has received, as an LSN. */
  readonly received: string;
}

/**
 * Which standby is to be promoted in place of a primary that is gone: the one that has received most, never by what it has replayed. `to` is
 * only for a choice among equals. One that a failover which was cut off has promoted already is on a later timeline than the others.
 *
 * A commit that was acknowledged is on `number` of the standbys (mode quorum). As long as those that can be seen are more than the others
 * less that number, one of them has it, and the one that is furthest ahead has it (R + W > N). Throws a UserError where no standby can be promoted.
 */
export function chooseSuccessor(
  plan: ClusterPlan,
  observed: ObservedCluster,
  former: string,
  to?: string,
): FailoverChoice {
  const standbys = observed.nodes.filter(({ name }) => name !== former);
  const seen = standbys.filter(({ server }) => server !== undefined);
  if (seen.length === 0) {
    throw new UserError(
      `No standby can be promoted:\n${standbys.map((node) => `  ${node.name}: ${whyNot(node)}`).join("\n")}\nStart one of them, or ${former} again.`,
    );
  }
  const timeline = Math.max(...seen.map(({ server }) => server!.timeline));
  const received = (node: ObservedNode) => (node.server!.timeline === timeline ? lsn(node.server!.flushLsn) : -1n);
  const most = seen.reduce((best, node) => (received(node) > received(best) ? node : best));
  const chosen = to === undefined ? most : seen.find(({ name }) => name === to);
  if (chosen === undefined) {
    const target = observed.nodes.find(({ name }) => name === to);
    throw new UserError(
      target === undefined || to === former
        ? `${to} is no standby of this stack. Its standbys: ${standbys.map(({ name }) => name).join(", ")}.`
        : `${to} can't be promoted: ${whyNot(target)}.`,
    );
  }
  if (received(chosen) < received(most)) {
    throw new UserError(
      `${chosen.name} has received less (${chosen.server!.flushLsn}) than ${most.name} (${most.server!.flushLsn}): promoted, it would lack rows that are there. Nothing was changed. Leave --to out, or give --to ${most.name}.`,
    );
  }
  const mayLose = reasonForLoss(plan, observed, former, standbys.length, seen);
  return {
    successor: chosen.name,
    followers: seen.filter((node) => node !== chosen).map(({ name }) => name),
    received: chosen.server!.flushLsn,
    ...(mayLose !== undefined && { mayLose }),
  };
}

function reasonForLoss(
  { synchronous }: ClusterPlan,
  { nodes }: ObservedCluster,
  former: string,
  standbys: number,
  seen: readonly ObservedNode[],
): string | undefined {
  if (synchronous === undefined) {
    return `in mode async ${former} has acknowledged commits without waiting for anybody: what it had not sent yet is missing`;
  }
  const { volumes } = nodes.find(({ name }) => name === former)!;
  if (volumes?.runtime !== undefined && synchronousStandbyNamesIn(volumes.runtime) === "") {
    return `the quorum was not switched on: ${former} has acknowledged commits without waiting for anybody`;
  }
  if (seen.length + synchronous.number > standbys) return undefined;
  return `commits wait for ${synchronous.number} of ${standbys} standbys, and only ${seen.map(({ name }) => name).join(", ")} can be seen: the others may have acknowledged rows that ${seen.length === 1 ? "it has" : "they have"} not`;
}

function whyNot({ container, server, serverError }: ObservedNode): string {
  if (container !== "running") return `its container is ${container}`;
  if (server === undefined) return serverError ?? "its server does not answer";
  return "it is none of the standbys that can be seen";
}
