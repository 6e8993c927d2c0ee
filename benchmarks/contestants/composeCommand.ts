import { UserError } from "../../configs/userError.ts";
import { CommandError, runCommand } from "../../toolchain/runCommand.ts";

/** The command that is Docker Compose here: the client's plugin, else the older program of its own, which apt may install. */
export async function composeCommand(): Promise<readonly string[]> {
  const found = await firstThatRuns();
  if (found !== undefined) return found;
  if (process.getuid?.() === 0) {
    await runCommand("apt-get", ["install", "--yes", "--no-install-recommends", "docker-compose"]).catch(() => {});
    const installed = await firstThatRuns();
    if (installed !== undefined) return installed;
  }
  throw new UserError(
    "Docker Compose is what the cluster is compared with, and it is not installed: run `apt-get install docker-compose`, or leave that comparison out with --only.",
  );
}

async function firstThatRuns(): Promise<readonly string[] | undefined> {
  for (const [command, ...args] of [["docker", "compose"], ["docker-compose"]] as const) {
    try {
      await runCommand(command, [...args, "version"]);
      return [command, ...args];
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
    }
  }
  return undefined;
}
