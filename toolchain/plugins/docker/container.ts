import type { PropertyChange } from "../framework/diffState.ts";
import { canonicalText, type PropertyMap } from "../framework/propertyValue.ts";
import { PartlyCreatedError, type Resource, type ResourceState } from "../framework/resource.ts";
import { waitUntilHealthy } from "./containerHealth.ts";
import { followLogs } from "./containerLogs.ts";
import { createOptions, updateOptions } from "./containerOptions.ts";
import { type ContainerInputs, containerSchema } from "./containerSchema.ts";
import { containerState } from "./containerState.ts";
import { docker, engineMessage, request, unlessMissing } from "./dockerClient.ts";
import { ensureImage } from "./pullImage.ts";

/**
 * `docker:index/container:Container`.
 *
 * When creation fails after the Engine has made the container (a port is taken, the health check does not pass in
 * time), the container stays and is recorded with the error; the next `up` replaces it.
 */
export const container: Resource = {
  schema: containerSchema,

  async create(wanted, operation) {
    const inputs = wanted as unknown as ContainerInputs;
    const client = await docker();
    await request(`Unable to create container with image ${inputs.image}`, () => ensureImage(inputs.image, operation));
    const { id } = await request("Unable to create container", () => client.createContainer(createOptions(inputs)));
    try {
      await connectNetworks(id, inputs);
      if (inputs.start) await request("Unable to start container", () => client.getContainer(id).start());
      if (inputs.start && inputs.wait) await waitUntilHealthy(id, inputs.waitTimeout, operation.signal);
      const containerLogs = inputs.attach ? await runToEnd(id, inputs.logs) : null;
      const found = await inspect(id, { ...wanted, containerLogs });
      if (found === undefined) throw new Error("the container is gone: with `rm`, it is removed as soon as it ends");
      const { outputs } = found;
      // The Engine writes capabilities in its own way; as recorded, they are as the program gives them.
      return { id, outputs: { ...outputs, capabilities: wanted.capabilities ?? outputs.capabilities ?? null } };
    } catch (error) {
      throw new PartlyCreatedError({ id, outputs: wanted }, engineMessage(error));
    }
  },

  importable: true,
  read: (id, state) => inspect(id, Object.keys(state).length === 0 ? importDefaults : state),

  async update(id, state, wanted) {
    const inputs = wanted as unknown as ContainerInputs;
    const client = await docker();
    if (state.mustRun === false && inputs.mustRun && inputs.start) {
      await request("Unable to start container", () => unlessMissing(() => client.getContainer(id).start()));
    }
    if (changesResources(state, wanted)) {
      await request("Unable to update a container", () => client.getContainer(id).update(updateOptions(inputs)));
    }
    return { ...state, ...wanted };
  },

  async delete(id, state) {
    const inputs = state as unknown as ContainerInputs;
    const handle = (await docker()).getContainer(id);
    if (!inputs.attach) {
      await request(`Error stopping container ${id}`, () =>
        unlessMissing(() => handle.stop({ t: inputs.destroyGraceSeconds ?? 0 })),
      );
    }
    try {
      // Anonymous volumes go with the container; named ones stay.
      await unlessMissing(() => handle.remove({ v: true, force: true }));
    } catch (error) {
      if (!/is already in progress/.test(engineMessage(error))) {
        throw new Error(`Error deleting container ${id}: ${engineMessage(error)}`, { cause: error });
      }
      await unlessMissing(() => handle.wait({ condition: "removed" }));
    }
  },

  extraChanges: unfinishedChanges,
};

/** The Engine puts a container on its default network first; the declared ones take that one's place. */
async function connectNetworks(id: string, { networkMode, networksAdvanced }: ContainerInputs): Promise<void> {
  if (networksAdvanced === null || networksAdvanced.length === 0) return;
  const client = await docker();
  if (networkMode === "bridge") {
    await request("Unable to disconnect the default network", () =>
      client.getNetwork("bridge").disconnect({ Container: id }),
    );
  }
  for (const { name, aliases } of networksAdvanced) {
    await request(`Unable to connect to network '${name}'`, () =>
      client.getNetwork(name).connect({ Container: id, EndpointConfig: { Aliases: aliases ?? [] } }),
    );
  }
}

async function runToEnd(id: string, withLogs: boolean): Promise<string | null> {
  const handle = (await docker()).getContainer(id);
  const logs = withLogs ? followLogs(handle) : Promise.resolve(null);
  const [text] = await Promise.all([
    logs,
    request("Unable to wait container end of execution", () => unlessMissing(() => handle.wait())),
  ]);
  return text;
}

async function inspect(id: string, recorded: PropertyMap): Promise<ResourceState | undefined> {
  const client = await docker();
  const found = await request("Unable to inspect container", () =>
    unlessMissing(() => client.getContainer(id).inspect()),
  );
  return found === undefined ? undefined : { id: found.Id, outputs: containerState(found, recorded) };
}

/** What cannot be read from the Engine, as the official plugin fills it in on import. */
const importDefaults: PropertyMap = { mustRun: true, start: true };

/** The properties that the Engine can change in a container that exists. */
function changesResources(state: PropertyMap, wanted: PropertyMap): boolean {
  return ["restart", "maxRetryCount", "cpuShares", "memory", "memorySwap"].some(
    (name) => canonicalText(state[name] ?? 0) !== canonicalText(wanted[name] ?? 0),
  );
}

/** A container whose creation failed half-way has no `networkDatas`, which every finished one has: replace it. */
function unfinishedChanges(state: PropertyMap): PropertyChange[] {
  const unfinished = (state.networkDatas ?? null) === null;
  return unfinished ? [{ path: "networkDatas", kind: "add", replaces: true }] : [];
}
