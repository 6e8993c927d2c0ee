import type { Step } from "../step.ts";
import type { StepContext } from "./context.ts";
import { startServer } from "./node.ts";
import { awaitReplay, awaitStreaming } from "./streaming.ts";

/** Restarts a node's container, so that parameters that need it take effect. */
export async function restartServer(
  context: StepContext,
  { node, primary, ...step }: Step & { readonly kind: "restartServer" },
): Promise<void> {
  const container = context.containers[node]!;
  if (step.awaitReplay) await awaitReplay(context, node, primary);
  context.progress.say(`${node}: restarting PostgreSQL`);
  await container.restart();
  await startServer(container);
  if (node !== primary) await awaitStreaming(context, node, primary);
}
