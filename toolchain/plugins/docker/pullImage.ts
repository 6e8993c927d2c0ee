import type { Operation } from "../framework/resource.ts";
import { docker, engineMessage, unlessMissing } from "./dockerClient.ts";

/** Pulls an image, its progress as the resource's status. */
export async function pullImage(name: string, operation: Operation): Promise<void> {
  const client = await docker();
  try {
    const stream = await client.pull(name, { abortSignal: operation.signal });
    await new Promise<void>((resolve, reject) => {
      client.modem.followProgress(
        stream,
        (error: Error | null) => (error ? reject(error) : resolve()),
        ({ id, status }: { id?: string; status: string }) => operation.log("debug", id ? `${id}: ${status}` : status),
      );
    });
  } catch (error) {
    throw new Error(`unable to pull image ${name}: ${engineMessage(error)}`, { cause: error });
  }
}

/** Pulls an image that the Engine does not have. */
export async function ensureImage(name: string, operation: Operation): Promise<void> {
  const client = await docker();
  const found = await unlessMissing(() => client.getImage(name).inspect());
  if (found === undefined) await pullImage(name, operation);
}
