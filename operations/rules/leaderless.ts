import type { Step } from "../step.ts";
import { startContainers, writeDeclaredFiles } from "./nodes.ts";
import type { Rule, Situation } from "./rule.ts";

/**
 * Modes async and quorum, while no node is a primary: a switchover was cut off. Everybody is brought up as the standby that it is, following
 * whom it followed, so that the declared primary gets all that anybody has; then it is promoted.
 */
export const leaderlessRules: readonly Rule[] = [startContainers, writeDeclaredFiles, startServers, promote];

/** Also one whose clone was begun: what it has is there until that is put in place. Not one that a failover has fenced. */
function startServers({ desired, primary, others }: Situation): Step[] {
  return [primary, ...others]
    .filter(({ volumes, server }) => volumes?.data !== undefined && volumes.fence === undefined && server === undefined)
    .map(({ name, volumes }) =>
      volumes!.runtime === undefined
        ? { kind: "writeRuntime", node: name, synchronousStandbyNames: desired.plan.synchronousStandbyNames }
        : { kind: "startServer", node: name },
    );
}

function promote({ primary, others }: Situation): Step[] {
  const running = others.filter(({ server }) => server !== undefined).map(({ name }) => name);
  return [{ kind: "promote", node: primary.name, others: running }];
}
