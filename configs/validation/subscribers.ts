import { longestName } from "../longestName.ts";
import type { ReadCluster } from "../modes/modeRules.ts";
import { subscriberRole, subscriberRolePrefix } from "../subscriberRole.ts";
import type { Faults } from "./faults.ts";

/** Each subscriber has a role of its own on the publisher: its name must fit, and be nobody else's. */
export function checkSubscribers({ nodes, database }: ReadCluster, faults: Faults): void {
  for (const [index, name] of (nodes ?? []).entries()) {
    if (name === undefined || subscriberRole(name).length <= longestName) continue;
    const problem = `is too long for mode logical: the role ${subscriberRolePrefix}NAME must fit into ${longestName} bytes`;
    const allowed = `up to ${longestName - subscriberRolePrefix.length} characters`;
    faults.add({ path: `nodes[${index}].name`, value: name, problem, allowed });
  }
  if (!database?.startsWith(subscriberRolePrefix)) return;
  const problem = "begins like the names of the subscribers' roles, and is a role itself: the database's owner";
  faults.add({
    path: "database",
    value: database,
    problem,
    allowed: `a name without ${subscriberRolePrefix} in front`,
  });
}
