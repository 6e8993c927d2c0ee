import type { ClusterPlan } from "../../configs/plan.ts";
import type { ObservedNode } from "../observed.ts";

/**
 * What the making of a subscriber from a base backup has on the publisher while it lasts: the publication that pg_createsubscriber makes,
 * and a physical slot. One subscriber is made at a time. Found at any other time, they are left over.
 */
export const clonePublication = "postgres_cluster_clone";
export const cloneSlot = "postgres_cluster_clone";

/** Is the node to be made from a base backup? One that has data of its own is copied to table by table, whatever is declared. */
export function awaitsClone({ logical }: Pick<ClusterPlan, "logical">, { name, volumes }: ObservedNode): boolean {
  const subscribes = logical?.subscriptions.some(({ node }) => node === name) ?? false;
  return logical?.initialCopy === "fromBaseBackup" && subscribes && volumes !== undefined && volumes.data === undefined;
}
