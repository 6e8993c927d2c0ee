import { join } from "node:path";
import type { Progress } from "../progress.ts";
import { CommandError, runCommand } from "../runCommand.ts";
import { cliIn, pulumiVersion } from "./versions.ts";

/** The launcher's first request has been answered by then, or there is no way to the server. Milliseconds. */
const answerTimeout = 15_000;
/** The whole download, in milliseconds. */
const downloadTimeout = 10 * 60_000;

/**
 * The official CLI, by the official launcher (the npm package `pulumi`), into `home`. Throws CommandError when the server
 * does not answer.
 */
export async function downloadCli(project: string, home: string, progress: Progress): Promise<string> {
  return progress.step(`Downloading Pulumi ${pulumiVersion}`, async (update) => {
    const controller = new AbortController();
    const abort = setTimeout(() => controller.abort(), answerTimeout);
    // NODE_USE_ENV_PROXY: the launcher's own requests then go by HTTPS_PROXY, as those of the installer do that it runs.
    const env = { ...process.env, PULUMI_HOME: home, NODE_USE_ENV_PROXY: "1" };
    try {
      await runCommand(process.execPath, [join(project, "node_modules", "pulumi", "run.js"), "version"], {
        env,
        timeout: downloadTimeout,
        signal: controller.signal,
        onLine: (line) => {
          // The launcher announces itself; any further line comes from the installer that it has fetched.
          if (!line.startsWith("Downloading")) clearTimeout(abort);
          update(line.trim());
        },
      });
    } catch (error) {
      if (controller.signal.aborted)
        throw new CommandError(`get.pulumi.com gave no answer within ${answerTimeout / 1000} s`);
      if (error instanceof CommandError)
        throw new CommandError(`the launcher of npm's "pulumi" says: ${error.lastLine}`);
      throw error;
    } finally {
      clearTimeout(abort);
    }
    return cliIn(home);
  });
}

/** The official plugins, by the CLI itself, into `home`; `plugins` as `name version`. Throws CommandError. */
export async function downloadPlugins(
  cli: string,
  home: string,
  plugins: readonly string[],
  progress: Progress,
): Promise<void> {
  for (const plugin of plugins) {
    await progress.step(`Downloading the Pulumi plugin ${plugin}`, (update) =>
      runCommand(cli, ["plugin", "install", "resource", ...plugin.split(" ")], {
        env: { ...process.env, PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "true" },
        timeout: downloadTimeout,
        onLine: (line) => update(line.trim()),
      }),
    );
  }
}
