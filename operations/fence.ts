import type { ObservedNode } from "./observed.ts";

const prefix = "failed over to ";

/** What the fence of a former primary says: that another node was promoted in its place, and when. */
export function fenceOf(successor: string, at: Date): string {
  return `${prefix}${successor} at ${at.toISOString()}`;
}

/**
 * Was this node fenced by a failover? That was decided: what it has and its successor has not is given up, and it may be made a standby.
 * A fence that says anything else was put up by somebody else.
 */
export function isFailedOver({ volumes }: Pick<ObservedNode, "volumes">): boolean {
  return volumes?.fence?.startsWith(prefix) ?? false;
}
