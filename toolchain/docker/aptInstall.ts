import type { Progress } from "../progress.ts";
import { CommandError, runCommand } from "../runCommand.ts";

/** For commands of the system's administrator: a root shell that was not a login shell has no sbin folders on PATH. */
export function adminEnv(): NodeJS.ProcessEnv {
  return {
    ...process.env,
    DEBIAN_FRONTEND: "noninteractive",
    PATH: `${process.env.PATH}:/usr/local/sbin:/usr/sbin:/sbin`,
  };
}

/** Another apt (unattended upgrades) may be at work on a fresh machine; it is waited for, in seconds. */
const lockTimeout = ["-o", "DPkg::Lock::Timeout=300"];

/** Installs a Debian package, without those that it only recommends. Throws CommandError. */
export function aptInstall(name: string, progress: Progress): Promise<void> {
  return progress.step(`Installing ${name} (apt-get)`, async (update) => {
    const options = { env: adminEnv(), onLine: (line: string) => update(line.trim()) };
    const refreshed = await runCommand("apt-get", [...lockTimeout, "update"], options).catch((error) => {
      if (error instanceof CommandError) return error; // a third party's source may be broken: Debian's own may still do
      throw error;
    });
    try {
      await runCommand("apt-get", [...lockTimeout, "install", "-y", "--no-install-recommends", name], options);
    } catch (error) {
      if (!(error instanceof CommandError && refreshed instanceof CommandError)) throw error;
      throw new CommandError(`${refreshed.message}\n${error.message}`);
    }
  });
}
