import { rm } from "node:fs/promises";
import { createInterface } from "node:readline";
import { dockerObjectsOf, removeDockerObjects } from "./dockerObjects.ts";
import { killProcessTree } from "./processTree.ts";

/**
 * Removes what a throw-away stack has when the process that made it is gone, however it ended: killed tests clean up too. A process of
 * its own; its standard input is a pipe that closes with that process, and on which `+PID` and `-PID` say which commands run.
 *
 * Arguments: the stack's name, its temporary directory.
 */
const [, , stack, directory] = process.argv;
if (stack === undefined || directory === undefined) throw new Error("usage: reaper STACK DIRECTORY");

const running = new Set<number>();
for await (const line of createInterface({ input: process.stdin })) {
  const pid = Number(line.slice(1));
  if (line.startsWith("+")) running.add(pid);
  else running.delete(pid);
}
for (const pid of running) killProcessTree(pid);
await removeDockerObjects(await dockerObjectsOf(stack));
await rm(directory, { recursive: true, force: true });
