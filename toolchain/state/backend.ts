import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** Where Pulumi keeps the state, and who chose that. */
export interface Backend {
  readonly url: string;
  readonly chosenBy: "PULUMI_BACKEND_URL" | "pulumi login" | "default";
  /** The folder of a file backend; undefined for every other kind. */
  readonly folder: string | undefined;
}

/**
 * What the user chose (PULUMI_BACKEND_URL, else `pulumi login`, looked for in each of `homes`), else the file backend inside the
 * project, so that nothing needs an account.
 */
export function findBackend(project: string, env: NodeJS.ProcessEnv, homes: readonly string[]): Backend {
  const folders = env.PULUMI_CREDENTIALS_PATH ? [env.PULUMI_CREDENTIALS_PATH] : homes;
  const backend = (url: string, chosenBy: Backend["chosenBy"]) => ({
    url,
    chosenBy,
    folder: fileBackendFolder(url, project),
  });
  if (env.PULUMI_BACKEND_URL) return backend(env.PULUMI_BACKEND_URL, "PULUMI_BACKEND_URL");
  const loggedIn = folders.map(currentBackend).find((url) => url !== undefined);
  if (loggedIn !== undefined) return backend(loggedIn, "pulumi login");
  // Without the sidecar files of the storage library: it writes them in place, and one that was cut off locks the stack up.
  return backend(`file://${join(project, ".pulumi-state")}?metadata=skip`, "default");
}

function currentBackend(home: string): string | undefined {
  try {
    return JSON.parse(readFileSync(join(home, "credentials.json"), "utf8")).current || undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** The folder behind `file://` as Pulumi reads it: `~` is the home directory, anything relative starts at the project. */
export function fileBackendFolder(url: string, project: string): string | undefined {
  if (!url.startsWith("file://")) return undefined;
  const path = url.slice("file://".length).replace(/\?.*$/s, "");
  if (path.startsWith("/")) return fileURLToPath(`file://${path}`);
  return resolve(project, decodeURIComponent(path).replace(/^~(?=\/|$)/, homedir()));
}
