import type { PropertyMap } from "../framework/propertyValue.ts";
import type { Resource, ResourceState } from "../framework/resource.ts";
import { boolean, json, list, string } from "../framework/resourceSchema.ts";
import { docker, removeWhenUnused, request, unlessMissing } from "./dockerClient.ts";
import { fromLabelMap, type Label, labels, toLabelMap } from "./labels.ts";

interface NetworkInputs {
  name: string;
  driver: string | null;
  labels: Label[] | null;
}

/** `docker:index/network:Network`. Nothing of it can be changed in place. */
export const network: Resource = {
  schema: {
    token: "docker:index/network:Network",
    inputs: {
      name: string({ required: true, forceNew: true }),
      driver: string({ computed: true, forceNew: true }),
      labels: labels(),
    },
    outputs: {
      attachable: boolean(),
      ingress: boolean(),
      internal: boolean(),
      ipamConfigs: list(json()),
      ipamDriver: string(),
      ipv6: boolean(),
      options: json(),
      scope: string(),
    },
    deleteBeforeReplace: "sameName",
    idInOutputs: true,
    meta: { schema_version: "1" },
  },

  async create(wanted) {
    const { name, driver, labels: given } = wanted as unknown as NetworkInputs;
    const client = await docker();
    const created = await request("Unable to create network", () =>
      client.createNetwork({
        Name: name,
        CheckDuplicate: true,
        ...(driver !== null && { Driver: driver }),
        IPAM: { Driver: "default" },
        Labels: toLabelMap(given),
      }),
    );
    const { outputs } = (await inspect(created.id)) as ResourceState;
    return { id: created.id, outputs: { ...outputs, labels: wanted.labels ?? [] } };
  },

  importable: true,
  read: (id) => inspect(id),

  async delete(id) {
    const client = await docker();
    await removeWhenUnused(/has active endpoints/, () => client.getNetwork(id).remove());
  },
};

async function inspect(id: string): Promise<ResourceState | undefined> {
  const client = await docker();
  const found = await unlessMissing(() => client.getNetwork(id).inspect());
  if (found === undefined) return undefined;
  const outputs: PropertyMap = {
    name: found.Name,
    driver: found.Driver,
    labels: fromLabelMap(found.Labels) as unknown as PropertyMap[],
    attachable: found.Attachable,
    ingress: found.Ingress,
    internal: found.Internal,
    ipamConfigs: (found.IPAM?.Config ?? []).map((config) => ({
      auxAddress: (config as { AuxiliaryAddresses?: Record<string, string> }).AuxiliaryAddresses ?? {},
      gateway: config.Gateway ?? "",
      ipRange: config.IPRange ?? "",
      subnet: config.Subnet ?? "",
    })),
    ipamDriver: found.IPAM?.Driver ?? "default",
    ipv6: found.EnableIPv6 ?? false,
    options: found.Options ?? {},
    scope: found.Scope,
  };
  return { id: found.Id, outputs };
}
