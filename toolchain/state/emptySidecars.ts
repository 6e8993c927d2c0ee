import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

/**
 * Removes the empty `*.attrs` files below a file backend's folder. Pulumi's storage library writes such a sidecar in place beside each file;
 * a run that is killed in between leaves it empty, and every later command on the stack ends with "failed to load checkpoint: EOF". It
 * holds nothing but a content type and a checksum, and is not needed. Returns what was removed.
 */
export async function removeEmptySidecars(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  const removed: string[] = [];
  for (const name of names.filter((each) => each.endsWith(".attrs"))) {
    const file = join(folder, name);
    if ((await stat(file)).size > 0) continue;
    await rm(file, { force: true });
    removed.push(file);
  }
  return removed;
}
