import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installRegistryOnlyPlugins } from "../../../toolchain/plugins/install.ts";

/** The Pulumi that the tests drive. */
export interface PulumiHome {
  directory: string;
  /** Whether the plugins are this project's stand-ins, or the official ones. */
  registryOnly: boolean;
  /** Whether it was made for the test, to be removed afterwards. */
  temporary: boolean;
}

const projectDir = join(import.meta.dirname, "../../..");
export const cli = (home: string) => join(home, "versions/3.259.0/bin/pulumi");

/**
 * The caller's `PULUMI_HOME` when it holds the CLI, with the plugins that it holds. Else a home of the test's own, with
 * the registry-only plugins and the CLI named by `POSTGRES_CLUSTER_PULUMI`, or the one in the project's own home.
 */
export async function pulumiHome(): Promise<PulumiHome> {
  const given = process.env.PULUMI_HOME;
  if (given !== undefined && existsSync(cli(given))) {
    return { directory: given, registryOnly: await hasStandIns(given), temporary: false };
  }
  const pulumiBinary = process.env.POSTGRES_CLUSTER_PULUMI ?? cli(join(projectDir, ".pulumi-home"));
  if (!existsSync(pulumiBinary)) {
    throw new Error(
      `no Pulumi CLI at ${pulumiBinary}: set PULUMI_HOME to a home that holds versions/3.259.0/bin/pulumi, or ` +
        "POSTGRES_CLUSTER_PULUMI to a CLI, or run `npm test`, which sets up both",
    );
  }
  return registryOnlyHome(pulumiBinary);
}

/** A home of the test's own with the registry-only plugins. */
export async function registryOnlyHome(pulumiBinary: string): Promise<PulumiHome> {
  const directory = await mkdtemp(join(tmpdir(), "postgres-cluster-home-"));
  await installRegistryOnlyPlugins({ pulumiHome: directory, pulumiBinary, node: process.execPath, projectDir });
  return { directory, registryOnly: true, temporary: true };
}

/** The stand-ins are scripts, the official plugins are not. */
async function hasStandIns(home: string): Promise<boolean> {
  const plugin = await readFile(join(home, "plugins/resource-docker-v5.2.0/pulumi-resource-docker"));
  return plugin.subarray(0, 2).toString() === "#!";
}

/** Removes a home that was made for a test. */
export async function removeHome({ directory, temporary }: PulumiHome): Promise<void> {
  if (temporary) await rm(directory, { recursive: true, force: true });
}
