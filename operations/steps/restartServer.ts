import type { Step } from "../step.ts";
import type { StepContext } from "./context.ts";
import { startServer, stopServer } from "./node.ts";
import { awaitReplay, awaitStreaming } from "./streaming.ts";

/**
 * Restarts a node's server, so that parameters that need it take effect. What a checkpoint has written before needs not be written while
 * nobody is served.
 */
export async function restartServer(
  context: StepContext,
  { node, primary, ...step }: Step & { readonly kind: "restartServer" },
): Promise<void> {
  const container = context.containers[node]!;
  if (step.awaitReplay) await awaitReplay(context, node, primary);
  context.progress.say(`${node}: restarting PostgreSQL`);
  await context.connections.use(container, (client) => client.query("checkpoint"));
  await container.run(["bash", "-c", `set -e\n${stopServer}`]);
  await startServer(container);
  if (node !== primary) await awaitStreaming(context, node, primary);
}
