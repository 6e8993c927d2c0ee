import { spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";

export interface CommandOptions {
  interpreter: string[];
  directory: string;
  /** Added to this process's own environment. */
  environment: Record<string, string>;
  stdin: string;
  /** Its abort ends the command. */
  signal: AbortSignal;
  /** Called with each line as it is printed. */
  onLine(stream: "stdout" | "stderr", line: string): void;
}

/** After an abort, the time a command has to end by itself. The engine kills plugins after five seconds. */
const killAfterMilliseconds = 4000;

/**
 * Runs a command and returns what it printed. A command that fails throws an error with its exit status, the command
 * line, and everything it printed. An abort sends SIGINT to the command and all it started, and SIGKILL later.
 */
export async function runCommand(
  command: string,
  options: CommandOptions,
): Promise<{ stdout: string; stderr: string }> {
  const { interpreter, directory, environment, stdin, signal, onLine } = options;
  const [program, ...programArguments] = [...interpreter, command];
  if (signal.aborted) throw new Error(`cancelled before running ${JSON.stringify(command)}`);
  const child = spawn(program as string, programArguments, {
    cwd: directory,
    env: { ...process.env, ...environment },
    // A process group of its own: an abort has to reach what the command started as well.
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
  const printed = { stdout: "", stderr: "" };
  let both = "";
  for (const stream of ["stdout", "stderr"] as const) {
    readLines(child[stream], onLine.bind(undefined, stream), (text) => {
      printed[stream] += text;
      both += text;
    });
  }
  // A command that does not read its stdin to the end is no fault.
  child.stdin.on("error", () => {}).end(stdin);

  const ended = new Promise<string | undefined>((resolve, reject) => {
    child.on("error", (error) => reject(new Error(`${error.message}: running ${JSON.stringify(command)}:\n`)));
    child.on("close", (code, killedBy) => resolve(failure(code, killedBy)));
  });
  const endGroup = endOnAbort(child.pid, signal);
  const problem = await ended.finally(endGroup.release);
  if (problem !== undefined) throw new Error(`${problem}: running ${JSON.stringify(command)}:\n${both}`);
  return { stdout: printed.stdout.replace(/\n$/, ""), stderr: printed.stderr.replace(/\n$/, "") };
}

/** As Go, and so the official plugin, calls them. */
const signalNames: Partial<Record<NodeJS.Signals, string>> = {
  SIGINT: "interrupt",
  SIGKILL: "killed",
  SIGTERM: "terminated",
};

function failure(code: number | null, killedBy: NodeJS.Signals | null): string | undefined {
  if (killedBy !== null) return `signal: ${signalNames[killedBy] ?? killedBy}`;
  return code === 0 ? undefined : `exit status ${code}`;
}

function readLines(stream: Readable, onLine: (line: string) => void, onText: (text: string) => void): void {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  const take = (text: string) => {
    onText(text);
    const lines = (rest + text).split("\n");
    rest = lines.pop() as string;
    for (const line of lines) onLine(line.replace(/\r$/, ""));
  };
  stream.on("data", (chunk: Buffer) => take(decoder.write(chunk)));
  stream.on("end", () => {
    take(decoder.end());
    if (rest !== "") onLine(rest);
  });
}

/** Ends the process group of `pid` when the signal aborts: asks first, then kills. */
function endOnAbort(pid: number | undefined, signal: AbortSignal): { release(): void } {
  let killTimer: NodeJS.Timeout | undefined;
  const end = () => {
    signalGroup(pid, "SIGINT");
    killTimer = setTimeout(() => signalGroup(pid, "SIGKILL"), killAfterMilliseconds);
  };
  signal.addEventListener("abort", end);
  return {
    release() {
      signal.removeEventListener("abort", end);
      clearTimeout(killTimer);
    },
  };
}

function signalGroup(pid: number | undefined, name: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
