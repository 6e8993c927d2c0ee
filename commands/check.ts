import { spawn } from "node:child_process";
import { join } from "node:path";
import { projectDir } from "../toolchain/project.ts";
import { inCharge } from "./signals.ts";

/** Package, then the arguments of its command. */
const checks = [
  ["typescript/bin/tsc", "--project", "tsconfig.json"],
  ["@biomejs/biome/bin/biome", "check"],
  ["vitest/vitest.mjs", "run", "--project=unit", "--project=golden", "--project=components"],
] as const;

/** Types, lint and format, and the tests that need neither Docker nor Pulumi: seconds. Stops at the first that fails. */
export async function check(): Promise<number> {
  for (const [script, ...args] of checks) {
    const command = join(projectDir, "node_modules", script);
    const code = await inCharge(spawn(process.execPath, [command, ...args], { cwd: projectDir, stdio: "inherit" }));
    if (code !== 0) return code;
  }
  return 0;
}
