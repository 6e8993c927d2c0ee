import { runTimed, type TimedRun } from "../runner/runTimed.ts";
import { exportedResources } from "./exportedResources.ts";

export interface PulumiStackArgs {
  /** The CLI. */
  readonly cli: string;
  readonly stack: string;
  /** The project. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
}

/** One stack, driven by the Pulumi CLI alone. */
export class PulumiStack {
  private readonly args: PulumiStackArgs;

  constructor(args: PulumiStackArgs) {
    this.args = args;
  }

  async create(): Promise<void> {
    await this.run("stack", "init", "--no-select", "--non-interactive", "--stack", this.args.stack);
  }

  up(): Promise<TimedRun> {
    return this.run("up", "--yes", "--skip-preview", "--stack", this.args.stack);
  }

  async resources(): Promise<string[]> {
    return exportedResources((await this.run("stack", "export", "--stack", this.args.stack)).stdout);
  }

  /** One of its outputs; it must be up. */
  async output<T>(name: string): Promise<T> {
    return JSON.parse((await this.run("stack", "output", name, "--json", "--stack", this.args.stack)).stdout) as T;
  }

  private run(...args: readonly string[]): Promise<TimedRun> {
    const { cli, folder, env } = this.args;
    return runTimed(cli, args, { cwd: folder, env });
  }
}
