import Docker from "dockerode";
import type { ThrowawayStack } from "./throwawayStack.ts";

/** As if by hand: a node's container goes, and these of its volumes. */
export async function removeNode(
  stack: ThrowawayStack,
  node: string,
  volumes: readonly ("data" | "config")[],
): Promise<void> {
  const engine = new Docker();
  const name = stack.containerName(node);
  await engine.getContainer(name).remove({ force: true });
  for (const volume of volumes) await engine.getVolume(`${name}-${volume}`).remove();
}
