import { type Stats, statSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { realpathIfThere } from "./realpathIfThere.ts";
import { isRegistryOnlyCurrent, projectPulumiHome } from "./registryOnly.ts";
import { cliIn, resourcePlugins } from "./versions.ts";

/** What is on this machine, found by looking at files only: a few milliseconds, so it is looked at anew by every command. */
export interface PulumiFacts {
  /** PULUMI_HOME of the caller, else ~/.pulumi. */
  readonly callerHome: HomeFacts;
  /** The project's own PULUMI_HOME, with registry-only plugins; `current` if they were installed by this version of this checkout. */
  readonly projectHome: HomeFacts & { readonly current: boolean };
  /** CLIs on PATH that have the Node.js language host beside them; the npm launcher has not. */
  readonly onPath: readonly string[];
}

export interface HomeFacts {
  readonly home: string;
  /** The CLI of our version with its language host, where the npm launcher puts it. */
  readonly cli: string | undefined;
  /** Plugins of our versions that are not there, as `name version`. */
  readonly missingPlugins: readonly string[];
}

export const languageHost = "pulumi-language-nodejs";

/**
 * PULUMI_HOME of the caller, else Pulumi's default. The project's own home, which `npm run env` puts into a shell, is not the
 * caller's choice.
 */
export function callerPulumiHome(project: string, env: NodeJS.ProcessEnv): string {
  const chosen = env.PULUMI_HOME ? resolve(env.PULUMI_HOME) : undefined;
  return chosen === undefined || chosen === projectPulumiHome(project) ? join(homedir(), ".pulumi") : chosen;
}

export function gatherPulumiFacts(project: string, env: NodeJS.ProcessEnv): PulumiFacts {
  return {
    callerHome: homeFacts(callerPulumiHome(project, env)),
    projectHome: { ...homeFacts(projectPulumiHome(project)), current: isRegistryOnlyCurrent(project) },
    onPath: clisOnPath(env.PATH ?? ""),
  };
}

export function homeFacts(home: string): HomeFacts {
  const cli = cliIn(home);
  const complete = isExecutable(cli) && isExecutable(join(dirname(cli), languageHost));
  const missing = resourcePlugins.filter(({ name, version }) => {
    const folder = join(home, "plugins", `resource-${name}-v${version}`);
    // Pulumi marks an unfinished download with a `.partial` file beside the folder.
    return !isExecutable(join(folder, `pulumi-resource-${name}`)) || stat(`${folder}.partial`) !== undefined;
  });
  return {
    home,
    cli: complete ? cli : undefined,
    missingPlugins: missing.map(({ name, version }) => `${name} ${version}`),
  };
}

function clisOnPath(path: string): string[] {
  const found = path
    .split(delimiter)
    .filter(Boolean)
    .map((folder) => realpathIfThere(join(folder, "pulumi")))
    .filter((cli) => cli !== undefined)
    .filter((cli) => isExecutable(cli) && isExecutable(join(dirname(cli), languageHost)));
  return [...new Set(found)];
}

function isExecutable(file: string): boolean {
  const found = stat(file);
  return found?.isFile() === true && found.size > 0 && (found.mode & 0o111) !== 0;
}

function stat(file: string): Stats | undefined {
  return statSync(file, { throwIfNoEntry: false });
}
