import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

const running = new Set<ChildProcess>();
let ending = false;

/** Milliseconds that a child may take to end in its own way. */
const grace = 60_000;
/** Lines of a failed command's output that are shown. */
const lastLines = 40;

export interface RunOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

export interface TimedRun {
  /** From the start of the process to its exit. */
  readonly milliseconds: number;
  readonly stdout: string;
}

/** Runs a command to its end, without a terminal. Throws with its last words when it fails. */
export async function runTimed(command: string, args: readonly string[], { cwd, env }: RunOptions): Promise<TimedRun> {
  if (ending) throw new Error("the benchmark is ending");
  const start = performance.now();
  // A process group of its own: Ctrl-C reaches it once, from us.
  const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
  running.add(child);
  let milliseconds = 0;
  let stdout = "";
  let output = "";
  child.once("exit", () => {
    milliseconds = performance.now() - start;
    running.delete(child);
  });
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    output += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  const [code, signal] = await once(child, "close");
  if (code === 0) return { milliseconds, stdout };
  const words = output.trimEnd().split("\n").slice(-lastLines).join("\n");
  throw new Error(`${[command, ...args].join(" ")} ended with ${signal ?? `exit code ${code}`}:\n${words}`);
}

/** Ends what still runs, in the way that lets Pulumi write its state down. Nothing can be started afterwards. */
export async function endChildren(): Promise<void> {
  ending = true;
  await Promise.all([...running].map(endChild));
}

async function endChild(child: ChildProcess): Promise<void> {
  if (child.pid === undefined) return; // it never started
  const exited = once(child, "exit");
  const timer = setTimeout(() => process.kill(-child.pid!, "SIGKILL"), grace);
  process.kill(-child.pid, "SIGINT");
  await exited;
  clearTimeout(timer);
}
