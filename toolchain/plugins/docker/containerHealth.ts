import type { Readable } from "node:stream";
import { docker } from "./dockerClient.ts";

/**
 * Resolves when the container's health check passes. Throws when that takes longer than the timeout, when there is no
 * health check, or when the container is removed. One that ends may be restarted, so that alone is no reason to give up.
 */
export async function waitUntilHealthy(id: string, timeoutSeconds: number, signal: AbortSignal): Promise<void> {
  const client = await docker();
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(timeoutSeconds * 1000)]);
  const filters = { container: [id], event: ["health_status", "die", "destroy"] };
  // Listening begins before the first look, so no change is missed in between.
  const events = (await client.getEvents({ filters, abortSignal: deadline })) as Readable;
  try {
    if (await isHealthy(id)) return;
    for await (const _event of events) {
      if (await isHealthy(id)) return;
    }
    throw new Error("the Engine ended its stream of events");
  } catch (error) {
    if (deadline.aborted) throw new Error("container failed to be in healthy state", { cause: error });
    throw error;
  } finally {
    events.destroy();
  }
}

async function isHealthy(id: string): Promise<boolean> {
  const { State: state } = await (await docker()).getContainer(id).inspect();
  if (state.Health === undefined) {
    throw new Error(
      "you have supplied a 'wait' argument, but the container does not have a healthcheck defined. " +
        "Please remove the 'wait' argument or add a 'healthcheck' attribute",
    );
  }
  return state.Health.Status === "healthy";
}
