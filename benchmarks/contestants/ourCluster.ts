import Docker from "dockerode";
import type { TimedRun } from "../runner/runTimed.ts";
import { OurProject } from "./ourProject.ts";
import type { Place } from "./place.ts";
import { stackConfig } from "./stackConfig.ts";

/** This project's default quorum cluster. */
export class OurCluster {
  private readonly project: OurProject;
  private isConfigured = false;
  private isUp = false;

  constructor(place: Place, cli: string) {
    this.project = new OurProject(place, cli);
  }

  /** `npm run up`: the whole command. */
  upByNpm(): Promise<TimedRun> {
    return this.up(() => this.project.npm("up"));
  }

  /** `pulumi up` alone, as the npm command calls it. */
  upByPulumi(): Promise<TimedRun> {
    return this.up(() => this.project.stack.up());
  }

  status(): Promise<TimedRun> {
    return this.project.npm("status");
  }

  /** Brings it up unless it is. */
  async present(): Promise<void> {
    if (!this.isUp) await this.upByNpm();
  }

  /** Removes it, data included. The stack itself stays, empty. */
  async absent(): Promise<void> {
    if (!this.isUp) return;
    await this.project.npm("destroy", "--delete-data");
    this.isUp = false;
  }

  resources(): Promise<string[]> {
    return this.project.stack.resources();
  }

  container(node: string): string {
    return this.project.container(node);
  }

  /** The id of the image that its nodes run. It must be up. */
  async image(): Promise<string> {
    return (await new Docker().getContainer(this.container("pg-1")).inspect()).Image;
  }

  private async up(command: () => Promise<TimedRun>): Promise<TimedRun> {
    if (!this.isConfigured) await this.project.configure(stackConfig(this.project.place.ports));
    this.isConfigured = true;
    const run = await command();
    this.isUp = true;
    return run;
  }
}
