import { UserError } from "../../configs/userError.ts";
import type { Prepared } from "../prepare.ts";
import { createProgress, type Progress } from "../progress.ts";
import { runCommand } from "../runCommand.ts";
import { removeEmptySidecars } from "./emptySidecars.ts";
import { type PendingOperation, readInterruption } from "./pendingOperations.ts";
import { isStale, readStackLocks, type StackLock } from "./stackLock.ts";

/**
 * Clears away what a killed run left behind, so that the next one simply goes on: its lock on the stack, and the operations that
 * it had begun. Returns the further arguments that the next run needs: after an interruption Pulumi must look at what really
 * exists (`--refresh`), since its state may name things that were deleted. Throws a UserError while somebody else works on the stack.
 */
export async function recoverInterrupted(
  prepared: Prepared,
  stack: string,
  progress: Progress = createProgress(),
): Promise<readonly string[]> {
  const { backend, project } = prepared;
  const pulumi = async (args: readonly string[], input?: string) => {
    const { stdout } = await runCommand(prepared.pulumi?.cli ?? "pulumi", [...args, "--stack", stack], {
      cwd: project,
      env: prepared.env,
      ...(input !== undefined && { input }),
    });
    return stdout;
  };

  const locks = readStackLocks(backend, project, stack);
  const held = locks.find((lock) => !isStale(lock));
  if (held !== undefined) throw new UserError(lockedMessage(stack, held));
  if (backend.folder !== undefined) await removeEmptySidecars(backend.folder);
  if (locks.length > 0) {
    progress.note(
      `An earlier run on stack ${stack} was killed (process ${locks.map(({ pid }) => pid).join(", ")}): releasing its lock.`,
    );
    await pulumi(["cancel", "--yes"]);
  }

  const interruption = await readInterruption(backend, project, stack, () => pulumi(["stack", "export"]));
  if (interruption === undefined) return [];
  const { pending, knownIds } = interruption;
  progress.note(
    `It was cut off in the middle of ${pending.map(describe).join(", ")}: looking at what exists, then going on.`,
  );
  const creating = pending.filter(({ type }) => type === "creating");
  if (creating.length > 0) {
    const { removeHalfCreated } = await import("../docker/removeHalfCreated.ts");
    await removeHalfCreated(creating, { stack, knownIds, progress });
    // An import clears all pending operations, which is Pulumi's documented way; nothing else in the state changes.
    await pulumi(["stack", "import"], await pulumi(["stack", "export"]));
  }
  return ["--refresh"];
}

export function lockedMessage(stack: string, { pid, username, hostname, takenAt }: StackLock): string {
  return [
    `Stack ${stack} is being changed by process ${pid} of ${username}@${hostname}, since ${new Date(takenAt).toISOString()}.`,
    `Wait for it, or stop it there: kill -INT ${pid}. If ${hostname} is gone for good: pulumi cancel --stack ${stack}`,
  ].join("\n");
}

function describe({ type, resource }: PendingOperation): string {
  return `${type} ${resource.urn.split("::").at(-1)}`;
}
