import type { ClusterPlan } from "../../configs/plan.ts";
import { every } from "../every.ts";
import { Looks } from "../watch/clusterWatch.ts";
import { physicalReplication } from "../watch/physicalReplication.ts";
import type { PhysicalView, WatchedNode } from "../watch/physicalView.ts";

/** The nodes at one moment: milliseconds since the witness began. */
export interface LagSample {
  readonly at: number;
  readonly nodes: readonly SampledNode[];
}

/** As `watch` shows it; lags are null where they don't apply or nobody knows. */
export interface SampledNode extends Pick<WatchedNode, "node" | "role" | "state" | "flushLagBytes" | "replayLagBytes"> {
  readonly flushLagMilliseconds: number | null;
  readonly replayLagMilliseconds: number | null;
}

/** Milliseconds that a node is given to answer; one that takes longer is shown as such. */
const answersWithin = 200;

/** Looks at all nodes at every interval until it is told to end. It asks their local sockets, so it sees what clients can't reach, too. */
export async function sampleLag(
  plan: ClusterPlan,
  interval: number,
  now: () => number,
  take: (sample: LagSample) => void,
  ended: AbortSignal,
): Promise<void> {
  await using looks = new Looks(plan, physicalReplication);
  await every(interval, ended, async () => {
    const at = now();
    take({ at, nodes: sampledNodes(await looks.look(answersWithin)) });
  });
}

function sampledNodes({ nodes }: PhysicalView): SampledNode[] {
  return nodes.map(
    ({ node, role, state, flushLagBytes, flushLagSeconds, replayLagBytes, replayLagSeconds }: WatchedNode) => ({
      node,
      role,
      state,
      flushLagBytes,
      replayLagBytes,
      flushLagMilliseconds: milliseconds(flushLagSeconds),
      replayLagMilliseconds: milliseconds(replayLagSeconds),
    }),
  );
}

const milliseconds = (seconds: number | null) => (seconds === null ? null : Math.round(seconds * 1_000_000) / 1000);
