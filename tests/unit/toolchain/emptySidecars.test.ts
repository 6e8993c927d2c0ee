import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { removeEmptySidecars } from "../../../toolchain/state/emptySidecars.ts";

test("only the empty sidecars of a file backend are removed", async () => {
  const folder = await mkdtemp(join(tmpdir(), "sidecars-"));
  const stacks = join(folder, "stacks", "p");
  await mkdir(stacks, { recursive: true });
  await Promise.all([
    writeFile(join(stacks, "a.json"), ""),
    writeFile(join(stacks, "a.json.attrs"), ""),
    writeFile(join(stacks, "b.json.attrs"), "{}"),
  ]);
  try {
    expect(await removeEmptySidecars(folder)).toEqual([join(stacks, "a.json.attrs")]);
    expect((await readdir(stacks)).sort()).toEqual(["a.json", "b.json.attrs"]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
