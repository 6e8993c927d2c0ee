import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Prepared } from "../toolchain/prepare.ts";

/** An exported state holds every certificate and the report; well below this for any number of nodes that makes sense. */
const mostBytes = 256 * 1024 * 1024;

/** The stack's state with its secrets in plain text: never print it. */
export async function exportStack({ pulumi, project, env }: Prepared, stack: string) {
  if (pulumi === undefined) throw new Error("exportStack needs prepare({ pulumi: true })");
  const args = ["stack", "export", "--show-secrets", "--stack", stack];
  const { stdout } = await promisify(execFile)(pulumi.cli, args, { cwd: project, env, maxBuffer: mostBytes });
  return JSON.parse(stdout);
}
