import { cp, mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { projectDir } from "../../toolchain/project.ts";
import { runTimed, type TimedRun } from "../runner/runTimed.ts";
import type { Place } from "./place.ts";
import { PulumiStack } from "./pulumiStack.ts";

/** What a project consists of. */
const copied = [
  "Pulumi.yaml",
  "package.json",
  "package-lock.json",
  "index.ts",
  "commands",
  "components",
  "configs",
  "image",
  "operations",
  "toolchain",
];

/** A stack of this project, driven as a user drives it, in a copy of the checkout: no edit can disturb a run. */
export class OurProject {
  readonly place: Place;
  readonly stack: PulumiStack;
  private copying: Promise<void> | undefined;

  constructor(place: Place, cli: string) {
    this.place = place;
    this.stack = new PulumiStack({ cli, stack: place.id, folder: place.folder, env: place.env });
  }

  /** Writes the stack's config. */
  configure(config: string): Promise<void> {
    return this.write(`Pulumi.${this.place.id}.yaml`, config);
  }

  /** Writes a file beside the stack's config, to be named by it. */
  async write(path: string, text: string): Promise<void> {
    this.copying ??= this.copy();
    await this.copying;
    const file = join(this.place.folder, "configs", path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }

  /** `npm run VERB`, once there is a config. */
  npm(verb: string, ...args: readonly string[]): Promise<TimedRun> {
    const { id, folder, env } = this.place;
    return runTimed("npm", ["run", "--silent", verb, "--", "--stack", id, ...args], { cwd: folder, env });
  }

  container(node: string): string {
    return `${this.place.id}-${node}`;
  }

  private async copy(): Promise<void> {
    const { folder, env } = this.place;
    // The copy shares node_modules, which its own set-up must find in order, or it would install there.
    await runTimed(process.execPath, ["toolchain/bootstrap.mjs", "--help"], { cwd: projectDir, env });
    for (const entry of copied) await cp(join(projectDir, entry), join(folder, entry), { recursive: true });
    await symlink(join(projectDir, "node_modules"), join(folder, "node_modules"));
    await this.stack.create();
  }
}
