import type { ClusterPlan } from "../../configs/plan.ts";
import { UserError } from "../../configs/userError.ts";
import { Connections } from "../connections.ts";
import { converge } from "../converge.ts";
import type { Desired } from "../desired.ts";
import { NodeContainer } from "../docker.ts";
import { fenceOf, isFailedOver } from "../fence.ts";
import { isWritable, ledBy } from "../leader.ts";
import { observe } from "../observe.ts";
import type { ObservedCluster } from "../observed.ts";
import type { Progress } from "../progress.ts";
import type { Report } from "../report.ts";
import { judge } from "../verify/verify.ts";
import { chooseSuccessor } from "./chooseSuccessor.ts";
import { fenceNode } from "./fenceNode.ts";

export interface FailoverOptions {
  /** Only a choice among those that have received as much. */
  readonly to?: string;
  readonly allowDataLoss: boolean;
}

/** What `failover --json` prints. */
export interface FailoverResult {
  readonly stack: string;
  readonly former: string;
  readonly primary: string;
  /** LSN that the new primary had received, which is where it went on. */
  readonly received: string;
  /** Acknowledged rows that are lost: 0; null where that can't be known. */
  readonly rpo: 0 | null;
  /** Why it can't. */
  readonly mayLose?: string;
  /** Milliseconds from the death of the former primary's container, or from the beginning of the failover where it was still there, to the promotion. */
  readonly rto: number;
  /** The verification of the nodes that are left. */
  readonly report: Report;
}

/**
 * Promotes a standby in place of a primary that is gone: fences that one, so that nothing can bring it back as a primary, then has the
 * planner promote the standby that has received most, and the others follow it. Cut off after the fence, it can be run again. Throws a
 * UserError, with nothing changed, while the primary is alive, where no standby can be promoted, and where an acknowledged row could be
 * missing and that was not allowed.
 */
export async function failover(
  desired: Desired,
  options: FailoverOptions,
  progress: Progress,
): Promise<FailoverResult> {
  const began = Date.now();
  const { plan } = desired;
  await using connections = new Connections();
  const observed = await observe(plan, connections);
  const former = plan.primary;
  refuseAlive(plan, observed);
  const choice = chooseSuccessor(plan, observed, former, options.to);
  const { successor, followers, mayLose, received } = choice;
  if (mayLose !== undefined && !options.allowDataLoss) {
    throw new UserError(
      `Acknowledged rows could be lost: ${mayLose}. Nothing was changed. Bring ${former} back if that is possible (\`npm run up -- --stack ${plan.stack}\` starts it). If it is gone for good: failover with --allow-data-loss.`,
    );
  }
  const diedAt = await endOf(plan, former);
  progress.say(`${former}: fencing it`);
  await fenceNode(nodeOf(plan, former), fenceOf(successor, new Date()), { stack: plan.stack, image: desired.imageId! });
  progress.say(`${successor}: has received most (${received}), and is promoted`);
  let promotedAt = Date.now();
  const told: Progress = {
    say(line) {
      if (line === `${successor}: promoted`) promotedAt = Date.now();
      progress.say(line);
    },
  };
  const left = withNodes(ledBy(desired, successor), [successor, ...followers]);
  const evidence = await converge(left, connections, told);
  const rto = promotedAt - Math.min(diedAt ?? began, began);
  const report = judge(evidence);
  const rpo = mayLose === undefined ? 0 : null;
  return { stack: plan.stack, former, primary: successor, received, rpo, ...(mayLose && { mayLose }), rto, report };
}

/** It is dead, or cut off from everybody; one that serves its standbys is to be switched over from. */
function refuseAlive({ primary, stack }: ClusterPlan, { nodes }: ObservedCluster): void {
  const node = nodes.find(({ name }) => name === primary)!;
  if (isFailedOver(node)) return;
  const other = nodes.find((each) => each !== node && isWritable(each));
  if (other !== undefined) {
    throw new UserError(
      `${other.name} accepts writes already. Set \`postgres-cluster:primary\` to it, and run \`npm run up -- --stack ${stack}\`.`,
    );
  }
  const streams = nodes.some(
    ({ server }) => server?.walReceiver?.status === "streaming" && server.walReceiver.senderHost === primary,
  );
  if (node.server === undefined || !streams) return;
  throw new UserError(
    `${primary} is alive, and standbys stream from it. Nothing was changed. Use \`npm run switchover -- --stack ${stack} --to NODE\`, which loses nothing.`,
  );
}

/** When the container of a node ended, in milliseconds since the epoch; undefined where it runs, or is gone. */
async function endOf(plan: ClusterPlan, name: string): Promise<number | undefined> {
  const info = await new NodeContainer(nodeOf(plan, name).container).inspect();
  return info === undefined || info.State.Running ? undefined : Date.parse(info.State.FinishedAt);
}

function nodeOf({ nodes }: ClusterPlan, name: string) {
  return nodes.find((node) => node.name === name)!;
}

/** The plan with these nodes alone: as far as the cluster can be led on at once. The others stay declared, and follow with the next `up`. */
function withNodes(desired: Desired, names: readonly string[]): Desired {
  return {
    ...desired,
    plan: { ...desired.plan, nodes: desired.plan.nodes.filter(({ name }) => names.includes(name)) },
  };
}
