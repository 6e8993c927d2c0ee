import Docker from "dockerode";
import { isStatus } from "../../../operations/docker.ts";

/** What one stack has on the Engine, by name. */
export interface DockerObjects {
  readonly containers: readonly string[];
  readonly volumes: readonly string[];
  readonly networks: readonly string[];
  /** Tags of the node image. */
  readonly imageTags: readonly string[];
}

const engine = new Docker();
const nodeImage = "postgres-cluster/node";

/** Everything that carries the stack's label or its name as a prefix; the names of throw-away stacks are long and random. */
export async function dockerObjectsOf(stack: string): Promise<DockerObjects> {
  const mine = (name: string, labels: Record<string, string> | null | undefined) =>
    labels?.["postgres-cluster.stack"] === stack || name === stack || name.startsWith(`${stack}-`);
  const [containers, { Volumes: volumes }, networks, images] = await Promise.all([
    engine.listContainers({ all: true }),
    engine.listVolumes(),
    engine.listNetworks(),
    engine.listImages({ filters: { reference: [nodeImage] } }),
  ]);
  return {
    containers: containers
      .map(({ Names, Labels }) => ({ name: Names[0]!.slice(1), labels: Labels }))
      .filter(({ name, labels }) => mine(name, labels))
      .map(({ name }) => name),
    volumes: volumes.filter(({ Name, Labels }) => mine(Name, Labels)).map(({ Name }) => Name),
    imageTags: images.flatMap(({ RepoTags }) => RepoTags ?? []).filter((tag) => tag.endsWith(`-${stack}`)),
    networks: networks.filter(({ Name, Labels }) => mine(Name, Labels)).map(({ Name }) => Name),
  };
}

/** Removes it all, running or not, data included. What has gone meanwhile is as good as removed. */
export async function removeDockerObjects(objects: DockerObjects): Promise<void> {
  const { containers, volumes, networks, imageTags } = objects;
  await Promise.all(containers.map((name) => gone(engine.getContainer(name).remove({ force: true, v: true }))));
  await Promise.all(volumes.map((name) => gone(engine.getVolume(name).remove())));
  await Promise.all(networks.map((name) => gone(engine.getNetwork(name).remove())));
  await Promise.all(imageTags.map(removeTag));
}

/** The layers stay under one tag for the next test: to build them again takes longer than most tests. */
async function removeTag(tag: string): Promise<void> {
  const image = engine.getImage(tag);
  await gone(image.tag({ repo: nodeImage, tag: "test" }));
  await gone(image.remove());
}

async function gone(removal: Promise<unknown>): Promise<void> {
  try {
    await removal;
  } catch (error) {
    if (!isStatus(error, 404)) throw error;
  }
}
