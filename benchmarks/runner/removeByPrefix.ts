import Docker from "dockerode";

/** Removes every container, volume, network and image tag whose name begins with `prefix`, data and all. */
export async function removeByPrefix(prefix: string): Promise<void> {
  const docker = new Docker();
  const containers = await docker.listContainers({ all: true, filters: { name: [`^/${prefix}`] } });
  await Promise.all(containers.map(({ Id }) => gone(docker.getContainer(Id).remove({ force: true, v: true }))));
  // These two filters take any part of a name.
  const { Volumes } = await docker.listVolumes({ filters: { name: [prefix] } });
  const volumes = (Volumes ?? []).filter(({ Name }) => Name.startsWith(prefix));
  const found = await docker.listNetworks({ filters: { name: [prefix] } });
  const networks = found.filter(({ Name }) => Name.startsWith(prefix));
  await Promise.all(volumes.map(({ Name }) => gone(docker.getVolume(Name).remove())));
  await Promise.all(networks.map(({ Id }) => gone(docker.getNetwork(Id).remove())));
  const images = await docker.listImages({ filters: { reference: [`${prefix}*`] } });
  const tags = images.flatMap(({ RepoTags }) => RepoTags ?? []).filter((tag) => tag.startsWith(prefix));
  await Promise.all(tags.map((tag) => gone(docker.getImage(tag).remove())));
}

async function gone(removal: Promise<unknown>): Promise<void> {
  try {
    await removal;
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode !== 404) throw error;
  }
}
