import Docker from "dockerode";
import { UserError } from "../../configs/userError.ts";
import type { DockerHost } from "./dockerHost.ts";

/** Docker 20.10. */
export const minimumApiVersion = "1.41";

export interface EngineVersion {
  readonly version: string;
  readonly apiVersion: string;
}

/** How long an Engine may take to answer, in milliseconds. */
const answerTimeout = 10_000;

/**
 * The version of the Engine that answers. Throws the connection's own error when none does (`code` ENOENT, ECONNREFUSED,
 * EACCES, …), and a UserError when it is too old.
 */
export async function askEngine(options: Docker.DockerOptions = {}): Promise<EngineVersion> {
  const { Version, ApiVersion } = await new Docker({ ...options, timeout: answerTimeout }).version();
  if (compareVersions(ApiVersion, minimumApiVersion) < 0) {
    throw new UserError(
      `The Docker Engine is version ${Version} (API ${ApiVersion}); this project needs API ${minimumApiVersion}, Docker 20.10, or newer.`,
    );
  }
  return { version: Version, apiVersion: ApiVersion };
}

/** The message for an Engine that the user chose and that does not answer: what they chose is never replaced by something else. */
export function noAnswerMessage(host: DockerHost, error: Error & { code?: string }): string {
  const what = `No Docker Engine answers at ${host.host}, which ${host.source} ${host.chosenBy === "default" ? "is" : "chooses"}: ${error.message}.`;
  if (error.code === "EACCES" || error.code === "EPERM") {
    return `${what}\nThis user may not use it. Add them to its group, then log in again: sudo usermod -aG docker "$USER"`;
  }
  if (host.chosenBy === "DOCKER_HOST")
    return `${what}\nStart that Engine, or unset DOCKER_HOST to use the one of this machine.`;
  if (host.chosenBy === "docker context")
    return `${what}\nStart that Engine, or choose another one: docker context use default`;
  return what;
}

function compareVersions(one: string, other: string): number {
  const [a, b] = [one, other].map((version) => version.split(".").map(Number));
  return (a?.[0] ?? 0) - (b?.[0] ?? 0) || (a?.[1] ?? 0) - (b?.[1] ?? 0);
}
