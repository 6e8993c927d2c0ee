import { NodeContainer } from "../docker.ts";
import type { StepContext } from "./context.ts";
import { writeFiles } from "./writeFiles.ts";

/**
 * Brings a container that is stopped, paused, or restarting again and again to run. Its declared files are put right first: they may be
 * why its server does not start.
 */
export async function startContainer({ desired, containers, progress }: StepContext, node: string): Promise<void> {
  const container = containers[node]!;
  const info = await container.inspect();
  const state = info === undefined ? "absent" : NodeContainer.stateOf(info);
  if (state === "paused") {
    progress.say(`${node}: unpausing its container`);
    return container.unpause();
  }
  progress.say(`${node}: starting its container, which was ${state}`);
  if (state === "restarting") await container.stop();
  await writeFiles(container, desired.nodes[node]!.files);
  // One that comes and goes may be there just now: it finds its files, and the next look tells how it is.
  if (state !== "running") await container.start();
}
