import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { prepare } from "../toolchain/prepare.ts";
import { inCharge } from "./signals.ts";

/** Sets up as `up` does, runs vitest with everything, and ends with one plain line of counts. */
export async function test(rest: readonly string[]): Promise<number> {
  const { project, env } = await prepare({ pulumi: true, docker: "install", baseImage: true });
  const folder = await mkdtemp(join(tmpdir(), "postgres-cluster-test-"));
  const resultFile = join(folder, "result.json");
  try {
    const vitest = join(project, "node_modules", "vitest", "vitest.mjs");
    const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${resultFile}`];
    const code = await inCharge(
      spawn(process.execPath, [vitest, "run", ...reporters, ...rest], { cwd: project, env, stdio: "inherit" }),
    );
    const result = await readFile(resultFile, "utf8").catch((error) => {
      if (error.code === "ENOENT") return undefined; // vitest ended before it had a result, and said why
      throw error;
    });
    if (result !== undefined) process.stdout.write(`${closingLine(JSON.parse(result), code)}\n`);
    return code;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface VitestResult {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly numFailedTestSuites: number;
}

/** `N passed, N failed, N skipped`. A run that failed outside of any test (a file that cannot be loaded) counts as a failure. */
export function closingLine(result: VitestResult, exitCode: number): string {
  const failed = result.numFailedTests || (exitCode === 0 ? 0 : Math.max(1, result.numFailedTestSuites));
  return `${result.numPassedTests} passed, ${failed} failed, ${result.numPendingTests + result.numTodoTests} skipped`;
}
