import type { PropertyMap } from "../framework/propertyValue.ts";
import type { Resource, ResourceState } from "../framework/resource.ts";
import { string } from "../framework/resourceSchema.ts";
import { docker, removeWhenUnused, request, unlessMissing } from "./dockerClient.ts";
import { fromLabelMap, type Label, labels, toLabelMap } from "./labels.ts";

interface VolumeInputs {
  name: string;
  driver: string | null;
  labels: Label[] | null;
}

/** `docker:index/volume:Volume`. A volume of that name that exists already is adopted, as Docker does. */
export const volume: Resource = {
  schema: {
    token: "docker:index/volume:Volume",
    inputs: {
      name: string({ required: true, forceNew: true }),
      driver: string({ computed: true, forceNew: true }),
      labels: labels(),
    },
    outputs: { mountpoint: string() },
    deleteBeforeReplace: "sameName",
    idInOutputs: true,
    meta: { schema_version: "1" },
  },

  async create(wanted) {
    const { name, driver, labels: given } = wanted as unknown as VolumeInputs;
    const client = await docker();
    await request("Unable to create volume", () =>
      client.createVolume({ Name: name, ...(driver !== null && { Driver: driver }), Labels: toLabelMap(given) }),
    );
    const { id, outputs } = (await inspect(name)) as ResourceState;
    return { id, outputs: { ...outputs, labels: wanted.labels ?? [] } };
  },

  importable: true,
  read: (id) => inspect(id),

  async delete(id) {
    const client = await docker();
    await removeWhenUnused(/volume is in use/, () => client.getVolume(id).remove({ force: true }));
  },
};

async function inspect(name: string): Promise<ResourceState | undefined> {
  const client = await docker();
  const found = await unlessMissing(() => client.getVolume(name).inspect());
  if (found === undefined) return undefined;
  const outputs: PropertyMap = {
    name: found.Name,
    driver: found.Driver,
    labels: fromLabelMap(found.Labels) as unknown as PropertyMap[],
    mountpoint: found.Mountpoint,
  };
  return { id: found.Name, outputs };
}
