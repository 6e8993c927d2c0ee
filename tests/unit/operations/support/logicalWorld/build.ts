import type { Desired } from "../../../../../operations/desired.ts";
import type { LogicalNode, LogicalWorld } from "./world.ts";

/** Fresh containers on fresh volumes. */
export function emptyWorld(desired: Desired): LogicalWorld {
  const world: LogicalWorld = {
    publisher: desired.plan.primary,
    nodes: {},
    position: 0,
    history: [{ from: 0, publications: {}, tables: [] }],
    counter: 100,
    lagging: new Set(),
  };
  addNodes(world, desired);
  return world;
}

/** What Pulumi does before the hook: containers for the nodes of the plan that have none. */
export function addNodes(world: LogicalWorld, { plan }: Desired): void {
  for (const { name } of plan.nodes) world.nodes[name] ??= emptyNode(name);
}

/** And after it: what nobody declares any more goes, with its volumes if they are not kept. */
export function removeLeavers(world: LogicalWorld, { plan }: Desired, { keepVolumes }: { keepVolumes: boolean }): void {
  for (const node of Object.values(world.nodes)) {
    if (plan.nodes.some(({ name }) => name === node.name) || keepVolumes) continue;
    delete world.nodes[node.name];
  }
}

function emptyNode(name: string): LogicalNode {
  return { name, running: true, fileHashes: {}, changedAt: 0, loadedAt: 0 };
}
