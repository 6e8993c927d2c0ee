import type { NodeContainer } from "../../../operations/docker.ts";
import { eventually } from "./eventually.ts";

/** Looks again and again at the command line and the environment of every process in a container, until it is told to stop. */
export class ProcessSampler {
  private readonly container: NodeContainer;
  private readonly samples: Promise<string>;

  private constructor(container: NodeContainer) {
    this.container = container;
    this.samples = this.sample();
  }

  /** Begins as soon as there is a running container of that name. */
  static start(container: NodeContainer): ProcessSampler {
    return new ProcessSampler(container);
  }

  /** Every different command line and variable that was seen, one a line. */
  async stop(): Promise<string> {
    await this.container.run(["touch", stopFile]);
    return this.samples;
  }

  private async sample(): Promise<string> {
    await eventually("the container runs", async () => (await this.container.inspect())?.State.Running === true);
    return this.container.run(["bash", "-c", sampling]);
  }
}

const stopFile = "/tmp/sampled-enough";

/** Only what is new is printed; processes may end while they are read. */
const sampling = `
while [ ! -e ${stopFile} ]; do
  cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2> /dev/null | tr '\\0' '\\n'
  sleep 0.02
done | awk '!seen[$0]++'`;
