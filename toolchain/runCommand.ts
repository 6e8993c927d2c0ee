import { spawn } from "node:child_process";
import { UserError } from "../configs/userError.ts";

export interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string;
  /** Whole run, in milliseconds; the command is ended with SIGTERM. */
  readonly timeout?: number;
  /** Ends the command early, with SIGTERM. */
  readonly signal?: AbortSignal;
  /** Called for each line of stdout and stderr as it comes. */
  readonly onLine?: (line: string) => void;
}

/** A command that could not be started, ran too long, or ended with a code other than 0. The message ends with its last words. */
export class CommandError extends UserError {
  override name = "CommandError";
  /** The last line of what the command said, or the message itself. */
  get lastLine(): string {
    return this.message.trimEnd().split("\n").at(-1) ?? "";
  }
}

/** Runs a command to its end, without a terminal. Throws CommandError. */
export function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env,
      stdio: [options.input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
      timeout: options.timeout,
      signal: options.signal,
    });
    // When this process is ended by a signal, the command has no one left to work for.
    const end = () => child.kill();
    process.once("exit", end);
    child.once("close", () => process.off("exit", end));
    const output = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) {
      let rest = "";
      child[name]?.setEncoding("utf8").on("data", (text: string) => {
        output[name] += text;
        const lines = (rest + text).split("\n");
        rest = lines.pop() ?? "";
        if (options.onLine) lines.forEach(options.onLine);
      });
    }
    const title = [command, ...args].join(" ");
    child.on("error", (error) => reject(new CommandError(`${title}: ${error.message}`)));
    child.on("close", (code, signal) => {
      if (code === 0) resolve(output);
      else {
        const limit = options.timeout === undefined ? "" : ` (limit ${options.timeout / 1000} s)`;
        const how = signal === null ? `exit code ${code}` : `ended by ${signal}${limit}`;
        reject(new CommandError(`${title}: ${how}${lastWords(output)}`));
      }
    });
    // A child that ends without reading its input is judged by its exit code.
    child.stdin?.on("error", () => {}).end(options.input);
  });
}

function lastWords({ stdout, stderr }: CommandResult): string {
  const lines = (stderr.trim() || stdout.trim()).split("\n").filter(Boolean).slice(-5);
  return lines.length === 0 ? "" : `: ${lines.join("\n")}`;
}
