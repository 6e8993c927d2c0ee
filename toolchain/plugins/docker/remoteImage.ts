import { isAbsolute, normalize } from "node:path";
import { isObject, type PropertyMap } from "../framework/propertyValue.ts";
import type { Operation, Resource, ResourceState } from "../framework/resource.ts";
import { boolean, map, object, string } from "../framework/resourceSchema.ts";
import { buildImage, type ImageBuild } from "./buildImage.ts";
import { docker, request, unlessMissing } from "./dockerClient.ts";
import { pullImage } from "./pullImage.ts";

interface ImageInputs {
  name: string;
  build: ImageBuild | null;
  keepLocally: boolean | null;
  forceRemove: boolean | null;
}

/** How the official plugin records the settings of a build that are not supported here: needed for it to take over. */
const otherBuildSettings: PropertyMap = {
  ...Object.fromEntries(
    ["buildId", "buildLogFile", "builder", "cgroupParent", "cpuSetCpus", "cpuSetMems", "isolation", "networkMode"]
      .concat(["platform", "provenance", "remoteContext", "sbom", "sessionId", "target", "version"])
      .map((name) => [name, ""]),
  ),
  remove: true,
  useLegacyBuilder: false,
};

/** The official plugin takes a Dockerfile from anywhere; here it is part of the context. */
const refuseOutside = (path: unknown) =>
  isAbsolute(path as string) || normalize(path as string).startsWith("..")
    ? `is ${JSON.stringify(path)}, which is outside of the context: not supported by the registry-only plugins`
    : undefined;

const timeouts = { create: 1_200_000_000_000, delete: 1_200_000_000_000, update: 1_200_000_000_000 };

/** `docker:index/remoteImage:RemoteImage`: an image that is built here, or pulled when the Engine has it not. */
export const remoteImage: Resource = {
  schema: {
    token: "docker:index/remoteImage:RemoteImage",
    inputs: {
      name: string({ required: true, forceNew: true }),
      build: object(
        {
          context: string({ required: true }),
          dockerfile: string({ default: "Dockerfile", refuse: refuseOutside }),
          buildArgs: map(string()),
          // Recorded only: with BuildKit the official plugin leaves them out of the image. Write LABEL instead.
          labels: map(string()),
        },
        { forceNew: true },
      ),
      keepLocally: boolean(),
      triggers: map(string(), { forceNew: true }),
      forceRemove: boolean(),
    },
    outputs: { imageId: string(), repoDigest: string() },
    idInOutputs: true,
    meta: { "e2bfb730-ecaa-11e6-8f88-34363bc7c4c0": timeouts },
  },

  async create(wanted, operation) {
    const { name, build } = wanted as unknown as ImageInputs;
    if (build !== null) await buildImage(name, build, operation);
    return findOrPull(name, wanted, operation);
  },

  read: (_id, state) => inspect(state),

  async update(_id, _state, wanted, operation) {
    const { name } = wanted as unknown as ImageInputs;
    return (await findOrPull(name, wanted, operation)).outputs;
  },

  async delete(_id, state) {
    const { name, keepLocally, forceRemove } = state as unknown as ImageInputs;
    if (keepLocally) return;
    const client = await docker();
    await request("Unable to remove Docker image", () =>
      unlessMissing(() => client.getImage(name).remove({ force: forceRemove ?? false })),
    );
  },
};

async function findOrPull(name: string, wanted: PropertyMap, operation: Operation): Promise<ResourceState> {
  const found = await inspect(wanted);
  if (found !== undefined) return found;
  await pullImage(name, operation);
  const pulled = await inspect(wanted);
  if (pulled === undefined)
    throw new Error(`Unable to read Docker image into resource: unable to find or pull image ${name}`);
  return pulled;
}

/** The image that bears the name now; its name is part of the id, as in the official plugin. */
async function inspect(state: PropertyMap): Promise<ResourceState | undefined> {
  const name = state.name as string;
  const client = await docker();
  const found = await request(`unable to inspect image ${name}`, () =>
    unlessMissing(() => client.getImage(name).inspect()),
  );
  if (found === undefined) return undefined;
  const build = isObject(state.build) ? { ...otherBuildSettings, ...state.build } : null;
  const repository = name.replace(/:[^/]*$/, "");
  const repoDigest = found.RepoDigests?.find((digest) => digest.startsWith(`${repository}@`)) ?? "";
  return { id: `${found.Id}${name}`, outputs: { ...state, build, imageId: found.Id, repoDigest } };
}
