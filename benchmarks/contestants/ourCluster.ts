import { cp, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import Docker from "dockerode";
import { projectDir } from "../../toolchain/project.ts";
import { runTimed, type TimedRun } from "../runner/runTimed.ts";
import type { Place } from "./place.ts";
import { PulumiStack } from "./pulumiStack.ts";
import { stackConfig } from "./stackConfig.ts";

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

/** This project's cluster, driven as a user drives it, in a copy of the checkout: no edit can disturb a run. */
export class OurCluster {
  private readonly place: Place;
  private readonly stack: PulumiStack;
  private copying: Promise<void> | undefined;
  private isUp = false;

  constructor(place: Place, cli: string) {
    this.place = place;
    this.stack = new PulumiStack({ cli, stack: place.id, folder: place.folder, env: place.env });
  }

  /** `npm run up`: the whole command. */
  async upByNpm(): Promise<TimedRun> {
    await this.copied();
    const run = await this.npm("up");
    this.isUp = true;
    return run;
  }

  /** `pulumi up` alone, as the npm command calls it. */
  async upByPulumi(): Promise<TimedRun> {
    await this.copied();
    const run = await this.stack.up();
    this.isUp = true;
    return run;
  }

  async status(): Promise<TimedRun> {
    return this.npm("status");
  }

  /** Brings it up unless it is. */
  async present(): Promise<void> {
    if (!this.isUp) await this.upByNpm();
  }

  /** Removes it, data included. The stack itself stays, empty. */
  async absent(): Promise<void> {
    if (!this.isUp) return;
    await this.npm("destroy", "--delete-data");
    this.isUp = false;
  }

  resources(): Promise<string[]> {
    return this.stack.resources();
  }

  container(node: string): string {
    return `${this.place.id}-${node}`;
  }

  /** The id of the image that its nodes run. It must be up. */
  async image(): Promise<string> {
    return (await new Docker().getContainer(this.container("pg-1")).inspect()).Image;
  }

  private npm(verb: string, ...args: readonly string[]): Promise<TimedRun> {
    const { id, folder, env } = this.place;
    return runTimed("npm", ["run", "--silent", verb, "--", "--stack", id, ...args], { cwd: folder, env });
  }

  private copied(): Promise<void> {
    this.copying ??= this.copyProject();
    return this.copying;
  }

  private async copyProject(): Promise<void> {
    const { id, folder, ports, env } = this.place;
    // The copy shares node_modules, which its own set-up must find in order, or it would install there.
    await runTimed(process.execPath, ["toolchain/bootstrap.mjs", "--help"], { cwd: projectDir, env });
    for (const entry of copied) await cp(join(projectDir, entry), join(folder, entry), { recursive: true });
    await symlink(join(projectDir, "node_modules"), join(folder, "node_modules"));
    await writeFile(join(folder, "configs", `Pulumi.${id}.yaml`), stackConfig(ports));
    await this.stack.create();
  }
}
