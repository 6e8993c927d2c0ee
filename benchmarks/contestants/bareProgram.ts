import { cp, symlink } from "node:fs/promises";
import { join } from "node:path";
import { projectDir } from "../../toolchain/project.ts";
import type { TimedRun } from "../runner/runTimed.ts";
import type { Place } from "./place.ts";
import { PulumiStack } from "./pulumiStack.ts";

const source = join(projectDir, "benchmarks", "bare");

/** The program of `benchmarks/bare`: as many resources, of the same types, and nothing else. */
export class BareProgram {
  private readonly place: Place;
  private readonly stack: PulumiStack;
  private isUp = false;

  constructor(place: Place, cli: string) {
    this.place = place;
    const env = { ...place.env, BARE_PREFIX: place.id, BARE_PORT: String(place.ports[0]) };
    this.stack = new PulumiStack({ cli, stack: place.id, folder: place.folder, env });
  }

  /** Brings it up unless it is. */
  async present(): Promise<void> {
    if (this.isUp) return;
    const { folder } = this.place;
    await cp(source, folder, { recursive: true });
    await cp(join(projectDir, "package.json"), join(folder, "package.json"));
    await cp(join(projectDir, "image"), join(folder, "image"), { recursive: true });
    await symlink(join(projectDir, "node_modules"), join(folder, "node_modules"));
    await this.stack.create();
    await this.up();
    this.isUp = true;
  }

  up(): Promise<TimedRun> {
    return this.stack.up();
  }

  resources(): Promise<string[]> {
    return this.stack.resources();
  }
}
