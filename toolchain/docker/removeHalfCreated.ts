import Docker from "dockerode";
import { UserError } from "../../configs/userError.ts";
import type { Progress } from "../progress.ts";
import type { PendingOperation } from "../state/pendingOperations.ts";
import { stackLabel } from "./dataVolumes.ts";

interface Leftovers {
  readonly stack: string;
  /** Ids that Pulumi's state holds. */
  readonly knownIds: ReadonlySet<string>;
  readonly progress: Progress;
}

/** How long PostgreSQL may take to shut down, in seconds. */
const stopTimeout = 120;

/**
 * Removes the containers and networks that a killed run created without Pulumi getting to know of it: Pulumi will create them
 * anew, which their names would forbid. No data is lost: that is in volumes, which Docker creates by name any number of times, so
 * they need no such care and are never touched here. What the state knows by its id stays: a pending creation outlives a later run
 * that did create it. Throws a UserError for a container of that name that is not the stack's.
 */
export async function removeHalfCreated(creating: readonly PendingOperation[], leftovers: Leftovers): Promise<void> {
  const docker = new Docker();
  for (const { resource } of creating) {
    const name = resource.inputs?.name;
    if (typeof name !== "string") continue;
    if (resource.type === "docker:index/container:Container") await removeContainer(docker, name, leftovers);
    if (resource.type === "docker:index/network:Network") await removeNetworks(docker, name, leftovers);
  }
}

async function removeContainer(docker: Docker, name: string, { stack, knownIds, progress }: Leftovers): Promise<void> {
  const container = docker.getContainer(name);
  const found = await absentAs(undefined, container.inspect());
  if (found === undefined || knownIds.has(found.Id)) return;
  if (found.Config.Labels?.[stackLabel] !== stack) {
    throw new UserError(
      `A container ${name} exists that is not of stack ${stack} (it has no label ${stackLabel}=${stack}). Rename or remove it: docker rm ${name}`,
    );
  }
  await progress.step(`Removing the half-created container ${name}`, async () => {
    if (found.State.Running) await container.stop({ t: stopTimeout });
    await absentAs(undefined, container.remove());
  });
}

async function removeNetworks(docker: Docker, name: string, { stack, knownIds, progress }: Leftovers): Promise<void> {
  const networks = await docker.listNetworks({ filters: { name: [name], label: [`${stackLabel}=${stack}`] } });
  for (const network of networks) {
    if (network.Name !== name || knownIds.has(network.Id)) continue; // the filter takes parts of names as well
    progress.note(`Removing the half-created network ${name}.`);
    await absentAs(undefined, docker.getNetwork(network.Id).remove());
  }
}

async function absentAs<T, U>(absent: U, request: Promise<T>): Promise<T | U> {
  try {
    return await request;
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return absent;
    throw error;
  }
}
