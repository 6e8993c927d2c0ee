import type { ClusterPlan } from "../../configs/plan.ts";
import { PhysicalWatch } from "./physicalWatch.ts";

/**
 * What `watch` shows of a mode, again and again. `View` is plain data: what `--json` prints. A mode with replication of another kind
 * plugs in by a source of its own in `watchSource`.
 */
export interface WatchSource<View = unknown> extends AsyncDisposable {
  /** The cluster at this moment. Takes no longer than about `bound` milliseconds; a node that can't be looked at is part of the view. */
  look(bound: number): Promise<View>;
  /** Several lines, to be replaced in place. */
  table(view: View): string;
  /** One line, to be followed by the next. */
  line(view: View): string;
}

export function watchSource(plan: ClusterPlan): WatchSource {
  return new PhysicalWatch(plan) as WatchSource;
}
