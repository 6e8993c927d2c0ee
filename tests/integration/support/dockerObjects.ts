import Docker from "dockerode";
import { isStatus } from "../../../operations/docker.ts";

/** What one stack has on the Engine, by name. */
export interface DockerObjects {
  readonly containers: readonly string[];
  readonly volumes: readonly string[];
  readonly networks: readonly string[];
}

const engine = new Docker();

/** Everything that carries the stack's label or its name as a prefix; the names of throw-away stacks are long and random. */
export async function dockerObjectsOf(stack: string): Promise<DockerObjects> {
  const mine = (name: string, labels: Record<string, string> | null | undefined) =>
    labels?.["postgres-cluster.stack"] === stack || name === stack || name.startsWith(`${stack}-`);
  const [containers, { Volumes: volumes }, networks] = await Promise.all([
    engine.listContainers({ all: true }),
    engine.listVolumes(),
    engine.listNetworks(),
  ]);
  return {
    containers: containers
      .map(({ Names, Labels }) => ({ name: Names[0]!.slice(1), labels: Labels }))
      .filter(({ name, labels }) => mine(name, labels))
      .map(({ name }) => name),
    volumes: volumes.filter(({ Name, Labels }) => mine(Name, Labels)).map(({ Name }) => Name),
    networks: networks.filter(({ Name, Labels }) => mine(Name, Labels)).map(({ Name }) => Name),
  };
}

/** Removes it all, running or not, data included. What has gone meanwhile is as good as removed. */
export async function removeDockerObjects({ containers, volumes, networks }: DockerObjects): Promise<void> {
  await Promise.all(containers.map((name) => gone(engine.getContainer(name).remove({ force: true, v: true }))));
  await Promise.all(volumes.map((name) => gone(engine.getVolume(name).remove())));
  await Promise.all(networks.map((name) => gone(engine.getNetwork(name).remove())));
}

async function gone(removal: Promise<unknown>): Promise<void> {
  try {
    await removal;
  } catch (error) {
    if (!isStatus(error, 404)) throw error;
  }
}
