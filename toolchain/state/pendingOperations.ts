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

/** What a killed run left in the stack's state. */
export interface Interruption {
  readonly pending: readonly PendingOperation[];
  /** Provider ids of all resources that the state does hold: those things Pulumi knows. */
  readonly knownIds: ReadonlySet<string>;
}

/** From the text of a state file, or of `pulumi stack export`; undefined when nothing was interrupted. */
export function parseInterruption(state: string): Interruption | undefined {
  if (!state.includes('"pending_operations"')) return undefined; // spares parsing in the usual case
  const { checkpoint, deployment } = JSON.parse(state);
  const { pending_operations: pending, resources } = checkpoint?.latest ?? deployment ?? {};
  if (!pending?.length) return undefined;
  const ids = (resources ?? []).map(({ id }: { id?: string }) => id);
  return { pending, knownIds: new Set(ids.filter((id: string | undefined) => id !== undefined)) };
}

/** Read from the state file where that is possible, since that takes no time; else `exportStack` is asked. */
export async function readInterruption(
  backend: Backend,
  project: string,
  stack: string,
  exportStack: () => Promise<string>,
): Promise<Interruption | undefined> {
  const file = stackStateFile(backend, project, stack);
  return parseInterruption(file?.endsWith(".json") ? readFileSync(file, "utf8") : await exportStack());
}
