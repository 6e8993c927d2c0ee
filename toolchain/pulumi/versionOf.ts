import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import { readCache, writeCache } from "../cache.ts";

/** What a CLI calls its version, without a leading `v`; undefined if it cannot be run. Asked once for each file: it takes 0.15 s. */
export function versionOf(project: string, cli: string): string | undefined {
  const { mtimeMs, size } = statSync(cli);
  const known = readCache(project).cliVersions?.[cli];
  if (known?.mtimeMs === mtimeMs && known.size === size) return known.version;
  const version = askVersion(cli);
  if (version !== undefined) writeCache(project, { cliVersions: { [cli]: { mtimeMs, size, version } } });
  return version;
}

function askVersion(cli: string): string | undefined {
  try {
    const stdout = execFileSync(cli, ["version"], {
      encoding: "utf8",
      env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
      stdio: ["ignore", "pipe", "ignore"],
      timeout: 10_000,
    });
    return stdout.trim().replace(/^v/, "");
  } catch {
    return undefined; // not for this machine, or broken: then it is no candidate
  }
}
