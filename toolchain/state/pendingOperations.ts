import { readFileSync } from "node:fs";
import type { Backend } from "./backend.ts";
import { stackStateFile } from "./stack.ts";

/** An operation that Pulumi had begun and did not see end: its process was killed. */
export interface PendingOperation {
  readonly type: "creating" | "updating" | "deleting" | "reading" | "importing";
  readonly resource: {
    readonly urn: string;
    readonly type: string;
    readonly inputs?: { readonly name?: unknown };
  };
}

/** From the text of a state file, or of `pulumi stack export`. */
export function parsePendingOperations(state: string): PendingOperation[] {
  if (!state.includes('"pending_operations"')) return [];
  const { checkpoint, deployment } = JSON.parse(state);
  return (checkpoint?.latest ?? deployment)?.pending_operations ?? [];
}

/** Read from the file where that is possible, since that takes no time; else `exportStack` is asked. */
export async function readPendingOperations(
  backend: Backend,
  project: string,
  stack: string,
  exportStack: () => Promise<string>,
): Promise<PendingOperation[]> {
  const file = stackStateFile(backend, project, stack);
  return parsePendingOperations(file?.endsWith(".json") ? readFileSync(file, "utf8") : await exportStack());
}
