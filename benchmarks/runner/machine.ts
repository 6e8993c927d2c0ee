import { availableParallelism, cpus, loadavg, release, totalmem } from "node:os";
import Docker from "dockerode";
import type { Prepared } from "../../toolchain/prepare.ts";
import { pulumiVersion } from "../../toolchain/pulumi/versions.ts";

/** Without what it was measured on, a figure says little. */
export interface Machine {
  readonly processor: string;
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly kernel: string;
  readonly node: string;
  readonly docker: string;
  readonly storageDriver: string;
  readonly pulumi: string;
  /** Who made Pulumi's plugins and language host: the registry-only ones are slower or faster than the official. */
  readonly plugins: "official" | "registry-only";
  /** The load of the last minute before the first run. Well above 0: something else disturbs the figures. */
  readonly loadBefore: number;
}

export async function describeMachine({ pulumi }: Prepared): Promise<Machine> {
  const engine = await new Docker().info();
  return {
    processor: cpus()[0]?.model ?? "unknown processor",
    cpus: availableParallelism(),
    memoryBytes: totalmem(),
    kernel: release(),
    node: process.versions.node,
    docker: engine.ServerVersion,
    storageDriver: engine.Driver,
    pulumi: pulumiVersion,
    plugins: pulumi?.route === "registry-only" ? "registry-only" : "official",
    loadBefore: loadavg()[0]!,
  };
}
