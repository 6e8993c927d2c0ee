import { copyFile, link, lstat, mkdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Where to install, and what the installed plugins run. */
export interface RegistryOnlyPlugins {
  /** A `PULUMI_HOME` of this project's own: the stand-ins must never reach another project. */
  pulumiHome: string;
  /** The Pulumi CLI. */
  pulumiBinary: string;
  /** The Node (24 or newer) that runs the plugins and the program. */
  node: string;
  /** This project's folder, which holds the plugins' code and `node_modules`. */
  projectDir: string;
}

const pulumiVersion = "3.259.0";
const resourcePlugins = { docker: "5.2.0", command: "1.2.1", random: "4.21.2", tls: "5.6.1" };

/**
 * Makes `pulumiHome` a home of Pulumi with the registry-only plugins: the CLI and the language host where the official
 * launcher has them, and one folder per resource plugin. They are scripts that run the code of this checkout.
 *
 * Every file is put in place whole, and one that is right already is left alone, so it may run at any time, also twice
 * at once.
 */
export async function installRegistryOnlyPlugins({ pulumiHome, pulumiBinary, node, projectDir }: RegistryOnlyPlugins) {
  const binaries = join(pulumiHome, "versions", pulumiVersion, "bin");
  const script = (entry: string) => startScript(node, join(projectDir, "toolchain/plugins", entry), pulumiHome);
  await Promise.all([
    placeBinary(join(binaries, "pulumi"), pulumiBinary),
    placeScript(join(binaries, "pulumi-language-nodejs"), script("language/main.ts")),
    ...Object.entries(resourcePlugins).map(([name, version]) =>
      placeScript(
        join(pulumiHome, "plugins", `resource-${name}-v${version}`, `pulumi-resource-${name}`),
        script(`${name}/main.ts`),
      ),
    ),
  ]);
}

/**
 * Node's compile cache holds the compiled code of earlier runs, which takes most of the time off a plugin's start. One
 * that the user has chosen wins.
 */
function startScript(node: string, entry: string, pulumiHome: string): string {
  const cache = join(pulumiHome, "compile-cache");
  return [
    "#!/bin/sh",
    `export NODE_COMPILE_CACHE="\${NODE_COMPILE_CACHE:-${cache}}"`,
    `exec ${quote(node)} --disable-warning=ExperimentalWarning ${quote(entry)} "$@"`,
    "",
  ].join("\n");
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

async function placeScript(path: string, content: string): Promise<void> {
  const present = await readFile(path, "utf8").catch(ifMissing);
  if (present === content) return;
  await place(path, (temporary) => writeFile(temporary, content, { mode: 0o755 }));
}

/**
 * The CLI looks for its language hosts beside its own file, so a symbolic link will not do: a hard link, or a copy where
 * the two lie on different file systems.
 */
async function placeBinary(path: string, source: string): Promise<void> {
  const [present, wanted] = await Promise.all([lstat(path).catch(ifMissing), stat(source)]);
  const same = present?.ino === wanted.ino && present?.dev === wanted.dev;
  const copied = present?.size === wanted.size && present?.mtimeMs === wanted.mtimeMs;
  if (same || copied) return;
  await place(path, (temporary) =>
    link(source, temporary).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== "EXDEV" && error.code !== "EPERM") throw error;
      await copyFile(source, temporary);
      await utimes(temporary, wanted.atime, wanted.mtime);
    }),
  );
}

async function place(path: string, create: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = `${path}.${process.pid}`;
  await mkdir(dirname(path), { recursive: true });
  await rm(temporary, { force: true });
  await create(temporary);
  await rename(temporary, path);
}

function ifMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}
