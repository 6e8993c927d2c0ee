import Docker from "dockerode";

/** The Engine, asked without the plugins. */
export const engine = new Docker();

/** Removes all containers, volumes, networks, and images whose names begin with the prefix. */
export async function removeLeftovers(prefix: string): Promise<void> {
  const filters = { name: [prefix] };
  for (const { Id } of await engine.listContainers({ all: true, filters })) {
    await engine.getContainer(Id).remove({ force: true, v: true });
  }
  for (const { Name } of (await engine.listVolumes({ filters })).Volumes ?? []) await engine.getVolume(Name).remove();
  for (const { Id } of await engine.listNetworks({ filters })) await engine.getNetwork(Id).remove();
  for (const { RepoTags } of await engine.listImages()) {
    for (const tag of RepoTags ?? []) if (tag.startsWith(prefix)) await engine.getImage(tag).remove({ force: true });
  }
}

/** What is left in the Engine under the prefix. */
export async function leftovers(prefix: string): Promise<string[]> {
  const filters = { name: [prefix] };
  const containers = await engine.listContainers({ all: true, filters });
  const volumes = (await engine.listVolumes({ filters })).Volumes ?? [];
  const networks = await engine.listNetworks({ filters });
  return [
    ...containers.flatMap(({ Names }) => Names),
    ...volumes.map(({ Name }) => Name),
    ...networks.map(({ Name }) => Name),
  ];
}
