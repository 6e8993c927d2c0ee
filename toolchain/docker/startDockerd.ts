import { spawn } from "node:child_process";
import { closeSync, fstatSync, openSync, readFileSync } from "node:fs";
import type Docker from "dockerode";
import { UserError } from "../../configs/userError.ts";
import { until } from "../../operations/until.ts";
import { adminEnv } from "./aptInstall.ts";
import { askEngine, type EngineVersion } from "./engine.ts";

/** How long dockerd may take until it answers, in milliseconds. */
const startTimeout = 60_000;

export interface DockerdPlace {
  readonly logFile: string;
  readonly args: readonly string[];
  /** How to reach it. */
  readonly client: Docker.DockerOptions;
}

/** dockerd's own defaults; it writes its pid to /var/run/docker.pid. */
const defaultPlace: DockerdPlace = { logFile: "/var/log/dockerd.log", args: [], client: {} };

/**
 * Starts dockerd where no service manager does: in a session of its own, so that it outlives this command and no Ctrl-C reaches
 * it. Returns when it answers; throws a UserError with the end of its log when it ends or does not answer in time.
 */
export async function startDockerd(place: DockerdPlace = defaultPlace): Promise<EngineVersion> {
  const log = openSync(place.logFile, "a");
  const earlier = fstatSync(log).size;
  const failure = (what: string) => new UserError(`${what}. ${logTail(place.logFile, earlier)}`);
  const dockerd = spawn("dockerd", place.args, { detached: true, stdio: ["ignore", log, log], env: adminEnv() });
  closeSync(log);
  let ended: string | undefined;
  dockerd.on("exit", (code, signal) => {
    ended = signal ?? `exit code ${code}`;
  });
  dockerd.on("error", (error) => {
    ended = error.message;
  });
  const version = await until(
    async () => {
      // Asked first: another command may have been faster, and then ours ends because of it.
      const answer = await askEngine(place.client).catch(notYet);
      if (answer === undefined && ended) throw failure(`dockerd ended (${ended}) before it answered`);
      return answer;
    },
    {
      timeout: startTimeout,
      interval: 100,
      onTimeout: () => failure(`dockerd does not answer after ${startTimeout / 1000} s`),
    },
  );
  dockerd.unref();
  return version;
}

function notYet(error: Error & { code?: string }): undefined {
  if (error.code === "ENOENT" || error.code === "ECONNREFUSED") return undefined;
  throw error;
}

/** What this start wrote, its last lines. */
function logTail(logFile: string, from: number): string {
  const lines = readFileSync(logFile).subarray(from).toString().trimEnd().split("\n").slice(-15);
  return `The end of its log, ${logFile}:\n${lines.join("\n")}`;
}
