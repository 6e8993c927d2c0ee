import { type ExecFileException, execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { projectDir } from "../../../toolchain/project.ts";

let project: string;
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "bootstrap-"));
  for (const folder of ["toolchain", "commands", "a"]) mkdirSync(join(project, folder));
  for (const file of ["bootstrap.mjs", "exclusively.mjs"]) {
    cpSync(join(projectDir, "toolchain", file), join(project, "toolchain", file));
  }
  write("package.json", manifest);
  writeLockFile("1.0.0");
  writeFileSync(
    join(project, "commands/main.ts"),
    "const args: string[] = process.argv.slice(2); console.log(args.join()); process.exit(args.length);",
  );
});
const manifest = { name: "p", version: "1.0.0", dependencies: { a: "file:a" } };
const write = (file: string, content: object) => writeFileSync(join(project, file), JSON.stringify(content));
const writeLockFile = (version: string) => {
  // A dependency that is a folder needs no registry.
  write("a/package.json", { name: "a", version });
  const packages = { "": manifest, a: { version }, "node_modules/a": { resolved: "a", link: true } };
  write("package-lock.json", { ...manifest, lockfileVersion: 3, packages });
};
afterEach(() => rmSync(project, { recursive: true }));

function bootstrap(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const done = (error: ExecFileException | null, stdout: string, stderr: string) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr });
    execFile(process.execPath, [join(project, "toolchain/bootstrap.mjs"), ...args], done);
  });
}

test("installs what the lock file says, once, and hands over arguments and exit code", async () => {
  const first = await bootstrap("up", "--stack", "quorum");
  expect(first).toMatchObject({ code: 3, stdout: "up,--stack,quorum\n" });
  expect(first.stderr).toMatch(/^Installing dependencies[\s\S]*Installed dependencies in [\d.]+ s\.\n$/);
  expect(await bootstrap("status")).toEqual({ code: 1, stdout: "status\n", stderr: "" });

  writeLockFile("1.0.1");
  expect((await bootstrap("status")).stderr).toContain("Installing");
});

test("two at once install once", async () => {
  const both = await Promise.all([bootstrap("one"), bootstrap("two")]);
  expect(both.map(({ code }) => code)).toEqual([1, 1]);
  expect(both.filter(({ stderr }) => stderr.includes("Installed"))).toHaveLength(1);
});

test("takes over what the user's own npm install put there", async () => {
  mkdirSync(join(project, "node_modules"));
  write("node_modules/.package-lock.json", {
    packages: { a: { version: "1.0.0" }, "node_modules/a": { resolved: "a", link: true } },
  });
  expect(await bootstrap("status")).toEqual({ code: 1, stdout: "status\n", stderr: "" });
  expect(existsSync(join(project, "node_modules/.postgres-cluster-installed"))).toBe(true);
});

test("says in one line when npm ci fails", async () => {
  write("package.json", { ...manifest, dependencies: { b: "file:b" } });
  const { code, stderr } = await bootstrap("status");
  expect(code).toBe(1);
  expect(stderr).toMatch(/npm ci failed \(exit code 1\); its message is above\.\n$/);
});
