import type { StepContext } from "./context.ts";
import { startServer } from "./node.ts";
import { awaitReplay, awaitStreaming } from "./streaming.ts";

/**
 * Restarts a node's container, so that parameters that need it take effect. A standby has first to replay what its primary has
 * written: its primary's limits reach it that way, and with limits below the ones it knows of it would not start.
 */
export async function restartServer(context: StepContext, node: string, primary: string): Promise<void> {
  const container = context.containers[node]!;
  const standby = node !== primary;
  if (standby) await awaitReplay(context, node, primary);
  context.progress.say(`${node}: restarting PostgreSQL`);
  await container.restart();
  await startServer(container);
  if (standby) await awaitStreaming(context, node, primary);
}
