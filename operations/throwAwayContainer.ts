import Docker from "dockerode";
import { labels } from "../configs/labels.ts";
import { isStatus, NodeContainer } from "./docker.ts";

export interface Errand {
  readonly stack: string;
  /** What it is for, as a part of the container's name. */
  readonly purpose: string;
  /** Image id of the stack's nodes. */
  readonly image: string;
  /** A container whose volumes it is to see, where that one has them; it can't write to them. */
  readonly volumesOf?: string;
  /** Volumes by the path at which it is to have them, and may write to them. They must exist: Docker would make others. */
  readonly volumes?: Readonly<Record<string, string>>;
}

/** Kept for containers that were made and never started: their maker was killed in between. Milliseconds. */
const startsWithin = 60_000;

/**
 * A container from the node image, on the host's network, in which to run a program of PostgreSQL's. It lives as long as the connection of
 * the process that started it: its only process reads from that connection, and ends with it, also when that process is killed. Then
 * Docker removes it.
 */
export class ThrowAwayContainer implements AsyncDisposable {
  /** For files and commands. */
  readonly container: NodeContainer;
  private readonly handle: Docker.Container;
  private readonly lifeline: NodeJS.ReadWriteStream;

  private constructor(handle: Docker.Container, name: string, lifeline: NodeJS.ReadWriteStream) {
    this.handle = handle;
    this.lifeline = lifeline;
    this.container = new NodeContainer(name);
  }

  static async start(
    { stack, purpose, image, volumesOf, volumes = {} }: Errand,
    engine: Docker = new Docker(),
  ): Promise<ThrowAwayContainer> {
    await removeNeverStarted(stack, engine);
    const name = `${stack}-${purpose}`;
    const handle = await engine.createContainer({
      name,
      Image: image,
      Entrypoint: ["cat"],
      Labels: { [labels.stack]: stack, [labels.throwAway]: "true" },
      OpenStdin: true,
      StdinOnce: true,
      HostConfig: {
        AutoRemove: true,
        NetworkMode: "host",
        CapDrop: ["ALL"],
        SecurityOpt: ["no-new-privileges:true"],
        Binds: Object.entries(volumes).map(([path, volume]) => `${volume}:${path}`),
        ...(volumesOf === undefined
          ? // In place of the volume that the image declares.
            { Tmpfs: { "/var/lib/postgresql": "uid=999,gid=999,mode=0700" } }
          : { VolumesFrom: [`${volumesOf}:ro`] }),
      },
    });
    try {
      const lifeline = await handle.attach({ stream: true, stdin: true, hijack: true });
      lifeline.on("error", () => {}); // ends with the container
      await handle.start();
      return new ThrowAwayContainer(handle, name, lifeline);
    } catch (error) {
      await remove(handle);
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.lifeline.end();
    await remove(this.handle);
  }
}

/** Docker removes on its own what has ended: it may have gone already, or be about to; then that is waited for. */
async function remove(container: Docker.Container): Promise<void> {
  try {
    await container.remove({ force: true, v: true });
  } catch (error) {
    if (isStatus(error, 404)) return;
    if (!isStatus(error, 409)) throw error;
    await container.wait({ condition: "removed" }).catch(ignoreMissing);
  }
}

function ignoreMissing(error: unknown): void {
  if (!isStatus(error, 404)) throw error;
}

/** Docker removes on its own only what has run. */
async function removeNeverStarted(stack: string, engine: Docker): Promise<void> {
  const filters = { label: [`${labels.stack}=${stack}`, labels.throwAway], status: ["created"] };
  const found = await engine.listContainers({ all: true, filters });
  const old = found.filter(({ Created }) => Created * 1000 < Date.now() - startsWithin);
  await Promise.all(old.map(({ Id }) => remove(engine.getContainer(Id))));
}
