import { type ChildProcess, spawn } from "node:child_process";
import { killProcessTree } from "./processTree.ts";

export interface CliResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** stdout and stderr, interleaved as they came. */
  readonly output: string;
}

/** A command line tool at work: its output can be watched while it runs, and it can be interrupted or killed. */
export class CliRun {
  readonly ended: Promise<CliResult>;
  readonly pid: number | undefined;
  private readonly child: ChildProcess;
  private readonly title: string;
  private readonly watchers = new Set<() => void>();
  private text = "";
  private over = false;

  constructor(command: string, args: readonly string[], options: { cwd: string; env: NodeJS.ProcessEnv }) {
    this.title = [command, ...args].join(" ");
    // A process group of its own, as a shell gives to a job: a signal meant for it can't reach the tests.
    this.child = spawn(command, args, { ...options, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    this.pid = this.child.pid;
    for (const stream of [this.child.stdout!, this.child.stderr!]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        this.text += text;
        this.tellWatchers();
      });
    }
    this.ended = new Promise((resolve, reject) => {
      this.child.on("error", reject);
      this.child.on("close", (code, signal) => {
        this.over = true;
        this.tellWatchers();
        resolve({ code, signal, output: this.text });
      });
    });
  }

  /** Resolves as soon as the output so far matches; rejects when the command ends without. */
  saw(pattern: RegExp): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = pattern.test(this.text);
        if (!found && !this.over) return;
        this.watchers.delete(look);
        if (found) resolve();
        else reject(new Error(`${this.title} ended without ${pattern}:\n${this.text}`));
      };
      this.watchers.add(look);
      look();
    });
  }

  /** The result; an exit code other than 0 is an error that shows the whole output. */
  async succeeded(): Promise<CliResult> {
    const result = await this.ended;
    if (result.code === 0) return result;
    throw new Error(`${this.title}: ${result.signal ?? `exit code ${result.code}`}:\n${result.output}`);
  }

  /** Ctrl-C, as a terminal sends it: to every process of the group. */
  pressCtrlC(): void {
    process.kill(-this.child.pid!, "SIGINT");
  }

  /** `kill -INT` of the one process that the user started. */
  interrupt(): void {
    this.child.kill("SIGINT");
  }

  /** Kills the command and all that it has started, and waits for its end. */
  async killTree(): Promise<CliResult> {
    if (!this.over) killProcessTree(this.child.pid!);
    return this.ended;
  }

  private tellWatchers(): void {
    for (const watcher of [...this.watchers]) watcher();
  }
}
