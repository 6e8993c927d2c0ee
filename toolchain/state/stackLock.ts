import { readdirSync, readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { projectName } from "../project.ts";
import type { Backend } from "./backend.ts";

/** What a file backend writes down about the process that works on a stack. */
export interface StackLock {
  readonly file: string;
  readonly pid: number;
  readonly username: string;
  readonly hostname: string;
  /** When it was taken, in milliseconds since 1970. */
  readonly takenAt: number;
}

export interface Machine {
  readonly hostname: string;
  /** When the process with this id started, in milliseconds since 1970; undefined if there is none. */
  startOf(pid: number): number | undefined;
}

/** The locks of a stack; empty for backends other than files, which look after their own. */
export function readStackLocks(backend: Backend, project: string, stack: string): StackLock[] {
  if (backend.folder === undefined) return [];
  const folder = join(backend.folder, ".pulumi", "locks", "organization", projectName(project), stack);
  const names = absentAs([], () => readdirSync(folder)).filter((name) => name.endsWith(".json"));
  return names.flatMap((name) => {
    const file = join(folder, name);
    const text = absentAs(undefined, () => readFileSync(file, "utf8"));
    if (text === undefined) return []; // released just now
    const { pid, username, hostname, timestamp } = JSON.parse(text);
    return [{ file, pid, username, hostname, takenAt: Date.parse(timestamp) }];
  });
}

function absentAs<T, U>(absent: U, read: () => T): T | U {
  try {
    return read();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return absent;
    throw error;
  }
}

/**
 * Whether the holder is gone for certain: it ran on this machine, and its process id is free or belongs to a process that started
 * only after the lock was taken. A lock of another machine is never called stale.
 */
export function isStale(lock: StackLock, machine: Machine = thisMachine): boolean {
  if (lock.hostname !== machine.hostname) return false;
  const start = machine.startOf(lock.pid);
  // The kernel counts a process's start in hundredths of a second since a boot time that is known to the second.
  return start === undefined || start > lock.takenAt + 2000;
}

export const thisMachine: Machine = {
  hostname: hostname(),
  startOf: process.platform === "linux" ? startOnLinux : startElsewhere,
};

/** proc_pid_stat(5): field 22 is the start in clock ticks after boot; proc_stat(5): `btime` is the boot, in seconds. */
function startOnLinux(pid: number): number | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch (error) {
    if (["ENOENT", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw error;
  }
  // The name, field 2, is in parentheses and may hold anything; the fields after it are plain.
  const [state, ...fields] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  if (state === "Z" || state === "X") return undefined; // killed, and only not yet waited for
  const bootSeconds = Number(/^btime (\d+)$/m.exec(readFileSync("/proc/stat", "utf8"))?.[1]);
  const ticksPerSecond = 100; // USER_HZ: the same on every architecture that Docker runs on
  return (bootSeconds + Number(fields[18]) / ticksPerSecond) * 1000;
}

/** Without a start to compare with: a process of that id counts as the holder. */
function startElsewhere(pid: number): number | undefined {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return undefined;
  }
  return 0;
}
