import { existsSync } from "node:fs";
import { UserError } from "../../configs/userError.ts";
import type { Progress } from "../progress.ts";
import { runCommand } from "../runCommand.ts";
import { adminEnv, aptInstall } from "./aptInstall.ts";
import type { DockerHost } from "./dockerHost.ts";
import { askEngine, type EngineVersion, noAnswerMessage } from "./engine.ts";
import { startDockerd } from "./startDockerd.ts";

/** What this machine allows; found by looking, so that the choice below is a function of it. */
export interface MachineFacts {
  readonly root: boolean;
  readonly apt: boolean;
  readonly dockerd: boolean;
  /** Booted with systemd, not only installed. */
  readonly systemd: boolean;
}

export type EngineAction = "install" | "start by systemd" | "start by hand" | "give up";

export function machineFacts(): MachineFacts {
  return {
    root: process.getuid?.() === 0,
    apt: existsSync("/usr/bin/apt-get"),
    dockerd: ["/usr/sbin/dockerd", "/usr/bin/dockerd", "/usr/local/bin/dockerd"].some((file) => existsSync(file)),
    systemd: existsSync("/run/systemd/system"),
  };
}

/** The next thing to do on a machine where no Engine answers at the default socket. */
export function nextAction({ root, apt, dockerd, systemd }: MachineFacts): EngineAction {
  if (!root) return "give up";
  if (!dockerd) return apt ? "install" : "give up";
  return systemd ? "start by systemd" : "start by hand";
}

/**
 * An Engine that answers. An Engine that runs is never touched; one is installed and started only if the user chose none, nothing
 * answers at the default socket, and `mayInstall`. Throws UserError.
 */
export async function ensureEngine(host: DockerHost, mayInstall: boolean, progress: Progress): Promise<EngineVersion> {
  const error = await askEngine().then(
    (version) => version,
    (error: Error & { code?: string }) => error,
  );
  if (!(error instanceof Error)) return error;
  if (error instanceof UserError) throw error;
  const nobodyThere = error.code === "ENOENT" || error.code === "ECONNREFUSED";
  if (host.chosenBy !== "default" || !nobodyThere) throw new UserError(noAnswerMessage(host, error));

  const facts = machineFacts();
  if (!mayInstall || nextAction(facts) === "give up") {
    throw new UserError(`${noAnswerMessage(host, error)}\n${adviceFor(facts)}`);
  }
  if (nextAction(facts) === "install") {
    await aptInstall("docker.io", progress);
    // The package may have started it.
    const version = await askEngine().catch(() => undefined);
    if (version !== undefined) return version;
  }
  return startEngine(machineFacts(), progress);
}

export function adviceFor({ root, apt, dockerd, systemd }: MachineFacts): string {
  const sudo = root ? "" : "sudo ";
  if (dockerd) return `Start it: ${sudo}${systemd ? "systemctl start docker" : "dockerd (or: npm run up, as root)"}`;
  if (apt) return `Install it: ${sudo}apt-get update && ${sudo}apt-get install -y --no-install-recommends docker.io`;
  return "Install Docker Engine 20.10 or newer: https://docs.docker.com/engine/install";
}

function startEngine(facts: MachineFacts, progress: Progress): Promise<EngineVersion> {
  return progress.step("Starting Docker Engine", async () => {
    if (facts.systemd) {
      await runCommand("systemctl", ["start", "docker"], { env: adminEnv() });
      return askEngine(); // the unit is of type notify: when it is started, it answers
    }
    return startDockerd();
  });
}
