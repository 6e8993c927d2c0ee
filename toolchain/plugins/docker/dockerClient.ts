import type Docker from "dockerode";

const defaultHost = "unix:///var/run/docker.sock";
let client: Promise<Docker> | undefined;

/**
 * Chooses the Engine that this plugin talks to: the provider's `host`, else `DOCKER_HOST`, else the default socket.
 * Each provider of a program has a plugin process of its own, so setting the variable is the way to have dockerode read
 * TLS and ssh settings as it always does.
 */
export function useHost(host: string | undefined): void {
  process.env.DOCKER_HOST = host || process.env.DOCKER_HOST || defaultHost;
}

/** The client. Loaded at first use: an `up` without changes never needs it. */
export function docker(): Promise<Docker> {
  client ??= import("dockerode").then(({ default: Client }) => new Client());
  return client;
}

/** Runs a request; a refusal by the Engine becomes an error that starts with `failure` and says what the Engine said. */
export async function request<Result>(failure: string, call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    throw new Error(`${failure}: ${engineMessage(error)}`, { cause: error });
  }
}

/** Runs a request; undefined when the Engine says that there is no such thing (404), or that nothing is to do (304). */
export async function unlessMissing<Result>(call: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await call();
  } catch (error) {
    const status = (error as { statusCode?: number }).statusCode;
    if (status === 404 || status === 304) return undefined;
    throw error;
  }
}

/** What the Engine said, without the HTTP client's words around it. */
export function engineMessage(error: unknown): string {
  const { json, message } = error as { json?: { message?: string } | null; message: string };
  return json?.message ? `Error response from daemon: ${json.message}` : message;
}

/** Repeats a removal while what is removed is still in use, as the official plugin does, for 30 seconds at most. */
export async function removeWhenUnused(inUse: RegExp, remove: () => Promise<unknown>): Promise<void> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    try {
      await unlessMissing(remove);
      return;
    } catch (error) {
      if (!inUse.test(engineMessage(error)) || Date.now() > deadline) throw new Error(engineMessage(error));
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
