import type { Desired } from "../desired.ts";
import type { ObservedLeaver, ObservedNode } from "../observed.ts";
import type { Step } from "../step.ts";

/** What every rule is given. */
export interface Situation {
  /** With the primary that leads the cluster at present. */
  readonly desired: Desired;
  /** The node that applications write to: the primary, the publisher. */
  readonly primary: ObservedNode;
  /** The standbys, the subscribers. */
  readonly others: readonly ObservedNode[];
  readonly leavers: readonly ObservedLeaver[];
  /** The declared primary, where another node leads the cluster at present. */
  readonly successor?: ObservedNode;
}

/**
 * One concern of the reconciler: the steps that it wants next, to be run at the same time; none when it is content. Pure. A mode's rules
 * are asked in order, and what an earlier one wants is done before a later one is asked.
 */
export type Rule = (situation: Situation) => Step[];
