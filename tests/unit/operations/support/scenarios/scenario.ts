import type { Desired } from "../../../../../operations/desired.ts";
import { type ClusterDeclaration, desiredOf } from "../desired.ts";
import * as build from "../world/build.ts";
import { startServer } from "../world/servers.ts";
import type { World } from "../world/world.ts";

/** A starting state with a name, and what `up` makes of it. */
export interface Scenario {
  readonly name: string;
  /** The stack config; by default a quorum of pg-1 (primary), pg-2 and pg-3. */
  readonly now?: ClusterDeclaration;
  /** The stack config that the running cluster was made from, where that is another one; "nothing" on fresh volumes. */
  readonly before?: ClusterDeclaration | "nothing";
  /** What has happened to it since. */
  readonly since?: (world: World, now: Desired) => void;
  /** The stages of each round, a line a stage; or, of what is refused, words of the reason. */
  readonly up: readonly (readonly string[])[] | RegExp;
}

/** The state in which a scenario's `up` finds the nodes. */
export function startingState(
  { now: declaration, before, since }: Scenario,
  eager = false,
): { desired: Desired; world: World } {
  const desired = desiredOf(declaration);
  const world =
    before === "nothing"
      ? build.emptyWorld(desired, { eager })
      : grown(desired, desiredOf(before ?? declaration), eager);
  since?.(world, desired);
  if (eager) for (const node of Object.values(world.nodes)) startServer(world, node);
  return { desired, world };
}

/** The running cluster of an older config, with empty containers for what the newer one adds. */
function grown(desired: Desired, before: Desired, eager: boolean): World {
  const world = build.runningWorld(before, { eager, others: [desired] });
  const added = build.emptyWorld(desired, { eager }).nodes;
  return { ...world, nodes: { ...added, ...world.nodes } };
}
