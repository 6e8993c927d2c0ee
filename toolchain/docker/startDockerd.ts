import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import type Docker from "dockerode";
import { UserError } from "../../configs/userError.ts";
import { until } from "../../operations/until.ts";
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
  const dockerd = spawn("dockerd", place.args, { detached: true, stdio: ["ignore", log, log] });
  closeSync(log);
  const ended = once(dockerd, "exit").then(([code, signal]) => {
    throw failure(`dockerd ended (${signal ?? `exit code ${code}`}) before it answered`, place.logFile);
  });
  const answers = until(() => askEngine(place.client).catch(notYet), {
    timeout: startTimeout,
    interval: 100,
    onTimeout: () => failure(`dockerd does not answer after ${startTimeout / 1000} s`, place.logFile),
  });
  const version = await Promise.race([answers, ended]);
  ended.catch(() => {}); // it may end one day; that is no error of this command
  dockerd.unref();
  return version;
}

function notYet(error: Error & { code?: string }): undefined {
  if (error.code === "ENOENT" || error.code === "ECONNREFUSED") return undefined;
  throw error;
}

function failure(what: string, logFile: string): UserError {
  const tail = readFileSync(logFile, "utf8").trimEnd().split("\n").slice(-15).join("\n");
  return new UserError(`${what}. The end of its log, ${logFile}:\n${tail}`);
}
