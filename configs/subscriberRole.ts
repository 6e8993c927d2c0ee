import { slotName } from "./slotName.ts";

/** What the names of the subscribers' roles begin with; no other role of a cluster does. */
export const subscriberRolePrefix = "subscriber_";

/** The role with which one subscriber logs in on the publisher. */
export function subscriberRole(node: string): string {
  return `${subscriberRolePrefix}${slotName(node)}`;
}
