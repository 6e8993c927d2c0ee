import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { withValue } from "../configs/editStackConfig.ts";
import { stackConfigPath } from "../configs/rawConfig.ts";
import { projectDir } from "../toolchain/project.ts";

/** Writes another primary into a stack's config. In one rename: whoever reads the file meanwhile, or finds it after a crash, has the old text or the new one. */
export async function setPrimary(stack: string, primary: string): Promise<void> {
  const path = stackConfigPath(stack);
  const file = join(projectDir, path);
  const text = await readFile(file, "utf8");
  const edited = withValue(stack, text, "primary", primary);
  if (edited === text) return;
  await writeFile(`${file}.new`, edited);
  await rename(`${file}.new`, file);
  process.stderr.write(`${path}: primary is ${primary} now\n`);
}
