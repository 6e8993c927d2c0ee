import { readdirSync, readFileSync } from "node:fs";

/**
 * Kills a process and everything that it has started, in whatever process group or session, as a power cut would: all are frozen
 * before the first is killed, so that none sees another's end.
 */
export function killProcessTree(root: number): void {
  const frozen = new Set<number>();
  for (;;) {
    const more = descendants(root).filter((pid) => !frozen.has(pid));
    if (more.length === 0) break;
    for (const pid of more) {
      signal(pid, "SIGSTOP");
      frozen.add(pid);
    }
  }
  for (const pid of frozen) signal(pid, "SIGKILL");
}

/** The process itself first. */
function descendants(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const pid of readdirSync("/proc").map(Number).filter(Boolean)) {
    const parent = parentOf(pid);
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const below = (pid: number): number[] => [pid, ...(children.get(pid) ?? []).flatMap(below)];
  return below(root);
}

/** proc_pid_stat(5): after the name in brackets comes the state, then the parent. */
function parentOf(pid: number): number | undefined {
  try {
    return Number(readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\)/s, "").trim().split(" ")[1]);
  } catch (error) {
    if (["ENOENT", "ESRCH"].includes((error as NodeJS.ErrnoException).code!)) return undefined; // ended just now
    throw error;
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
