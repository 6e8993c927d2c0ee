import type pg from "pg";
import type { ClusterPlan } from "../../configs/plan.ts";
import { UserError } from "../../configs/userError.ts";
import { applicationConnection, withClient } from "../applicationConnection.ts";
import type { Desired } from "../desired.ts";

/** What an application finds at the published port of a node. */
export type EndpointLook =
  | { readonly node: string; readonly inRecovery: boolean }
  | { readonly node: string; readonly error: string };

export interface LoadTargets {
  readonly nodes: readonly string[];
  /** Nodes that would have been read from, and why they are not. */
  readonly unreachable: readonly { readonly node: string; readonly error: string }[];
}

/** Milliseconds for a node to answer. */
const bound = 3_000;

/** Looks at every published port, as the application, and chooses where the load goes. */
export async function findLoadTargets(desired: Desired, read: boolean): Promise<LoadTargets> {
  const looks = await Promise.all(desired.plan.nodes.map(({ name }) => look(desired, name)));
  return chooseLoadTargets(desired.plan, looks, read);
}

/**
 * Writes go to the one node that accepts them, wherever it is planned; reads to every node in recovery that answers. In mode logical all
 * nodes accept writes: there the publisher is written to, and the subscribers are read from.
 */
export function chooseLoadTargets(
  { stack, primary, logical }: Pick<ClusterPlan, "stack" | "primary" | "logical">,
  looks: readonly EndpointLook[],
  read: boolean,
): LoadTargets {
  const isReader = ({ node, inRecovery }: { readonly node: string; readonly inRecovery: boolean }) =>
    logical === undefined ? inRecovery : node !== primary;
  const nodes = looks.filter((each) => "inRecovery" in each && isReader(each) === read).map(({ node }) => node);
  const unreachable = looks.filter((each) => "error" in each);
  const advice = `See npm run status -- --stack ${stack}.`;
  if (nodes.length === 0) {
    const what = read ? "No standby answers on its published port" : "No node accepts writes";
    const seen = looks.map((each) => `  ${each.node}: ${"error" in each ? each.error : read ? "primary" : "standby"}`);
    throw new UserError(`${what}:\n${seen.join("\n")}\n${advice}`);
  }
  if (!read && nodes.length > 1) {
    throw new UserError(`More than one node accepts writes: ${nodes.join(", ")}. Nothing is written. ${advice}`);
  }
  return { nodes, unreachable: read ? unreachable : [] };
}

async function look(desired: Desired, node: string): Promise<EndpointLook> {
  try {
    return await asApplication(desired, node, async (client) => {
      const { rows } = await client.query<{ recovery: boolean }>("select pg_is_in_recovery() as recovery");
      return { node, inRecovery: rows[0]!.recovery };
    });
  } catch (error) {
    return { node, error: (error as Error).message };
  }
}

/** Runs `work` on a connection of the application's role to a node's published port. */
export function asApplication<T>(desired: Desired, node: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  return withClient(applicationConnection(desired, node, { name: "postgres-cluster load", bound }), work);
}
