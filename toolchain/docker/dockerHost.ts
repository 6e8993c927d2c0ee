import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { UserError } from "../../configs/userError.ts";

export const defaultDockerHost = "unix:///var/run/docker.sock";

/** Which Docker Engine the user means. */
export interface DockerHost {
  readonly host: string;
  /** `default` only if the user chose nothing: then, and only then, may an Engine be installed or started. */
  readonly chosenBy: "DOCKER_HOST" | "docker context" | "default";
  /** For messages. */
  readonly source: string;
  /** A folder with ca.pem, cert.pem and key.pem of a context that uses TLS. */
  readonly certPath?: string;
}

/**
 * What the docker command would talk to: DOCKER_HOST, else the context of DOCKER_CONTEXT or of `docker context use`, else the
 * default socket. Reads the docker command's own files, so that command need not be installed.
 */
export function findDockerHost(env: NodeJS.ProcessEnv): DockerHost {
  if (env.DOCKER_HOST) return { host: env.DOCKER_HOST, chosenBy: "DOCKER_HOST", source: "DOCKER_HOST" };
  const folder = env.DOCKER_CONFIG || join(homedir(), ".docker");
  const configFile = join(folder, "config.json");
  const name = env.DOCKER_CONTEXT || readJson(configFile)?.currentContext;
  if (!name || name === "default") {
    return { host: defaultDockerHost, chosenBy: "default", source: "the default socket" };
  }
  const id = createHash("sha256").update(name).digest("hex");
  const host = readJson(join(folder, "contexts", "meta", id, "meta.json"))?.Endpoints?.docker?.Host;
  const by = env.DOCKER_CONTEXT ? "DOCKER_CONTEXT" : configFile;
  if (!host) {
    throw new UserError(
      `${by} chooses the Docker context "${name}", but ${folder}/contexts has none of that name. ` +
        "See `docker context ls`; choose one by `docker context use NAME`.",
    );
  }
  const certPath = join(folder, "contexts", "tls", id, "docker");
  const source = `the Docker context "${name}" (${by})`;
  return { host, chosenBy: "docker context", source, ...(existsSync(join(certPath, "key.pem")) && { certPath }) };
}

/** The variables that make every Docker client of this project (and the Pulumi plugin) talk to that Engine; none for the default. */
export function dockerEnv({ host, chosenBy, certPath }: DockerHost): Record<string, string> {
  if (chosenBy !== "docker context") return {};
  return { DOCKER_HOST: host, ...(certPath && { DOCKER_CERT_PATH: certPath, DOCKER_TLS_VERIFY: "1" }) };
}

function readJson(file: string) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
