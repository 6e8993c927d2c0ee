import { basename, dirname } from "node:path";
import Docker from "dockerode";
import type { NodePlan } from "../../configs/plan.ts";
import { paths } from "../../configs/render/paths.ts";
import { isStatus, NodeContainer } from "../docker.ts";
import { ThrowAwayContainer } from "../throwAwayContainer.ts";

export interface Fencing {
  readonly stack: string;
  /** Image id of the nodes. */
  readonly image: string;
}

/**
 * Sees to it that a node serves nobody, now and after any start: its fence is on its config volume before its container is killed, and
 * where the container is gone, on the volume that a new one would get. When this resolves, it does not run.
 */
export async function fenceNode(
  { container: name, configVolume }: NodePlan,
  text: string,
  fencing: Fencing,
): Promise<void> {
  const container = new NodeContainer(name);
  const info = await container.inspect();
  if (info === undefined) {
    await fenceVolume(name, configVolume, text, fencing);
    return;
  }
  await writeFence(container, text);
  if (NodeContainer.stateOf(info) !== "stopped") await container.killed();
}

async function fenceVolume(container: string, volume: string, text: string, { stack, image }: Fencing): Promise<void> {
  try {
    await new Docker().getVolume(volume).inspect();
  } catch (error) {
    if (isStatus(error, 404)) return; // a new one has no runtime settings: the entrypoint waits for them
    throw error;
  }
  const errand = { stack, purpose: `fence-${container}`, image, volumes: { [paths.configVolume]: volume } };
  await using fencer = await ThrowAwayContainer.start(errand);
  await writeFence(fencer.container, text);
}

function writeFence(container: NodeContainer, text: string): Promise<void> {
  return container.putFiles(dirname(paths.fence), [{ path: basename(paths.fence), text, mode: 0o600 }]);
}
