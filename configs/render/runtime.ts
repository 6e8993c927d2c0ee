import type { ClusterPlan } from "../plan.ts";
import { roles } from "../roles.ts";
import { configurationValue } from "./configurationValue.ts";
import { nodeConnection } from "./nodeConnection.ts";

export interface RuntimeState {
  /** Name of the node that is, or is about to be, the primary. It need not be the plan's: a switchover is a change of it. */
  readonly primary: string;
  /** Whether commits wait for standbys by now. False until enough of them have caught up. */
  readonly synchronous: boolean;
}

/**
 * The runtime file of one node: what has to change in an order and is therefore no part of the declared files. Every value is
 * written always, so that nothing left over elsewhere can shine through.
 */
export function renderRuntime(plan: ClusterPlan, nodeName: string, state: RuntimeState): string {
  const node = plan.nodes.find(({ name }) => name === nodeName);
  if (!node) throw new Error(`The plan has no node ${nodeName}`);
  if (!plan.nodes.some(({ name }) => name === state.primary)) throw new Error(`The plan has no node ${state.primary}`);

  // Subscribers are primaries of their own: what they follow is in their subscription.
  const standby = plan.mode !== "logical" && nodeName !== state.primary;
  const settings = {
    primary_conninfo: standby ? primaryConninfo(state.primary, node.applicationName) : "",
    primary_slot_name: standby ? node.slot : "",
    synchronous_standby_names: state.synchronous ? plan.synchronousStandbyNames : "",
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${configurationValue(value)}\n`);
  return `# ${nodeName}: runtime settings, written by the reconciler of postgres-cluster.\n${lines.join("")}`;
}

function primaryConninfo(primary: string, applicationName: string): string {
  return nodeConnection(primary, { user: roles.replicator, dbname: "postgres", application_name: applicationName });
}
