import { mkdir } from "node:fs/promises";
import { delimiter, dirname } from "node:path";
import { type DockerHost, dockerEnv, findDockerHost } from "./docker/dockerHost.ts";
import { createProgress, duration, type Progress } from "./progress.ts";
import { projectDir } from "./project.ts";
import { choosePulumi, type PulumiToolchain } from "./pulumi/choose.ts";
import { callerPulumiHome, gatherPulumiFacts } from "./pulumi/facts.ts";
import { versionOf } from "./pulumi/versionOf.ts";
import { pulumiVersion } from "./pulumi/versions.ts";
import { type Backend, findBackend } from "./state/backend.ts";
import { findPassphrase, type Passphrase } from "./state/passphrase.ts";

/** What a command needs set up; what it does not name is left alone. */
export interface Needs {
  readonly pulumi?: boolean;
  /** `answers`: an Engine must answer. `install`: if none does, one is installed and started where that is allowed. */
  readonly docker?: "answers" | "install";
  /** The image that the node image is built on. */
  readonly baseImage?: boolean;
  /** The stack, in its backend. Implies `pulumi`. */
  readonly stack?: string;
}

export interface Prepared {
  readonly project: string;
  /** The environment for Pulumi, Docker clients and everything they start. `process.env` has been given the same. */
  readonly env: NodeJS.ProcessEnv;
  /** What `env` adds to the caller's environment, without PATH. */
  readonly exports: Readonly<Record<string, string>>;
  /** Folders to put before the caller's PATH: the CLI with its language host, and the Node that runs TypeScript. */
  readonly path: readonly string[];
  readonly backend: Backend;
  readonly passphrase: Passphrase;
  readonly pulumi: PulumiToolchain | undefined;
}

/**
 * Makes the machine ready for a command, doing only what is missing and saying so on stderr. When everything is there it takes
 * a fraction of a second. Throws UserError for whatever the user has to mend.
 */
export async function prepare(
  needs: Needs,
  options: { project?: string; progress?: Progress } = {},
): Promise<Prepared> {
  const { project = projectDir, progress = createProgress() } = options;
  const start = performance.now();
  const callerEnv = { ...process.env };
  const said: string[] = [];

  const dockerHost = findDockerHost(callerEnv);
  const dockerExports = dockerEnv(dockerHost);
  Object.assign(process.env, dockerExports); // Docker clients read it when they are made
  if (needs.docker !== undefined) said.push(await prepareDocker(dockerHost, needs, progress));
  const pulumi = needs.pulumi || needs.stack ? await preparePulumi(project, callerEnv, progress) : undefined;
  if (pulumi !== undefined) said.push(describePulumi(pulumi));

  const homes = [...(pulumi ? [pulumi.home] : []), callerPulumiHome(project, callerEnv)];
  const backend = findBackend(project, callerEnv, homes);
  if (backend.chosenBy === "default" && backend.folder) await mkdir(backend.folder, { recursive: true, mode: 0o700 });
  const passphrase = await findPassphrase(project, callerEnv);

  const exports = {
    ...dockerExports,
    ...(pulumi && { PULUMI_HOME: pulumi.home }),
    PULUMI_BACKEND_URL: backend.url,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    ...passphrase.env,
  };
  const path = pulumi === undefined ? [] : [dirname(pulumi.cli), dirname(process.execPath)];
  const env = { ...callerEnv, ...exports, PATH: [...path, callerEnv.PATH].join(delimiter) };
  Object.assign(process.env, env);

  const prepared = { project, env, exports, path, backend, passphrase, pulumi };
  if (needs.stack !== undefined) {
    const { ensureStack } = await import("./state/stack.ts");
    await ensureStack(prepared, needs.stack, progress);
  }
  if (said.length > 0) progress.note(`${said.join(" · ")} · ready in ${duration(performance.now() - start)}`);
  return prepared;
}

/** Returns what to tell the user. */
async function prepareDocker(host: DockerHost, needs: Needs, progress: Progress): Promise<string> {
  const { ensureEngine } = await import("./docker/ensureEngine.ts");
  const { version } = await ensureEngine(host, needs.docker === "install", progress);
  if (needs.baseImage) {
    const { ensureBaseImage } = await import("./docker/baseImage.ts");
    await ensureBaseImage(progress);
  }
  return `Docker ${version}`;
}

async function preparePulumi(project: string, env: NodeJS.ProcessEnv, progress: Progress): Promise<PulumiToolchain> {
  const facts = gatherPulumiFacts(project, env);
  const choice = choosePulumi(facts, (cli) => versionOf(project, cli), pulumiVersion);
  if (choice.kind === "ready") return choice.toolchain;
  const { acquirePulumi } = await import("./pulumi/acquire.ts");
  return acquirePulumi(project, choice, facts.callerHome.home, progress);
}

function describePulumi({ route, home }: PulumiToolchain): string {
  return `Pulumi ${pulumiVersion} (${route === "registry-only" ? "registry-only plugins, " : ""}${home})`;
}
