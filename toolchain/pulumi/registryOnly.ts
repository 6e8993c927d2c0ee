import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { exclusively } from "../exclusively.mjs";
import type { Progress } from "../progress.ts";
import type { PulumiToolchain } from "./choose.ts";
import { cliIn } from "./versions.ts";

export const projectPulumiHome = (project: string): string => join(project, ".pulumi-home");

/** Puts the CLI and the registry-only plugins into the project's own PULUMI_HOME, where no other project can meet them. */
export function installRegistryOnly(project: string, cli: string, progress: Progress): Promise<PulumiToolchain> {
  const home = projectPulumiHome(project);
  return exclusively(`install ${home}`, () =>
    progress.step("Installing the registry-only plugins", async () => {
      const { installRegistryOnlyPlugins } = await import("../plugins/install.ts");
      await mkdir(home, { recursive: true });
      await installRegistryOnlyPlugins({
        pulumiHome: home,
        pulumiBinary: cli,
        node: process.execPath,
        projectDir: project,
      });
      await writeFile(stampFile(project), stamp(project));
      return { route: "registry-only", cli: cliIn(home), home };
    }),
  );
}

/** Whether what is installed refers to this checkout, at this path, with this Node. */
export function isRegistryOnlyCurrent(project: string): boolean {
  try {
    return readFileSync(stampFile(project), "utf8") === stamp(project);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

const stampFile = (project: string): string => join(projectPulumiHome(project), "registry-only");

function stamp(project: string): string {
  const installer = createHash("sha256").update(readFileSync(join(project, "toolchain", "plugins", "install.ts")));
  return `${[installer.digest("hex"), project, process.execPath].join("\n")}\n`;
}
