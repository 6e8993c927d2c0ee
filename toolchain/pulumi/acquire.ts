import { UserError } from "../../configs/userError.ts";
import type { Progress } from "../progress.ts";
import { buildCli } from "./build.ts";
import type { PulumiChoice, PulumiToolchain } from "./choose.ts";
import { downloadCli, downloadPlugins } from "./download.ts";
import { homeFacts } from "./facts.ts";
import { installRegistryOnly } from "./registryOnly.ts";
import { pulumiVersion } from "./versions.ts";

/** A way to get Pulumi, and why it did not work here. */
export interface FailedRoute {
  readonly route: string;
  readonly reason: string;
}

/**
 * Gets what is missing: the official download into the caller's PULUMI_HOME, else (where only package registries answer)
 * registry-only plugins, with a CLI built from source, in the project's own. Throws a UserError that names every route.
 */
export async function acquirePulumi(
  project: string,
  choice: Exclude<PulumiChoice, { kind: "ready" }>,
  callerHome: string,
  progress: Progress,
): Promise<PulumiToolchain> {
  const present = choice.kind === "plugins missing" ? choice.toolchain.cli : undefined;
  const download = async (): Promise<PulumiToolchain> => {
    const cli = present ?? (await downloadCli(project, callerHome, progress));
    await downloadPlugins(cli, callerHome, homeFacts(callerHome).missingPlugins, progress);
    return { route: "download", cli, home: callerHome };
  };
  const build = async (): Promise<PulumiToolchain> => {
    return installRegistryOnly(project, present ?? (await buildCli(project, progress)), progress);
  };
  if (choice.kind === "renew registry-only") return build();

  const failed: FailedRoute[] = [{ route: "what is on this machine", reason: whyNotPresent(choice, callerHome) }];
  for (const [route, attempt] of [
    ["the official download", download],
    ["package registries alone, the CLI built from the Go module proxy", build],
  ] as const) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      failed.push({ route, reason: error.message });
      progress.note(`No Pulumi by ${route}: ${error.message.trimEnd().split("\n").at(-1)}`);
    }
  }
  throw new UserError(noRouteMessage(failed));
}

function whyNotPresent(choice: PulumiChoice, callerHome: string): string {
  if (choice.kind === "plugins missing") return `${callerHome}/plugins lacks ${choice.missing.join(", ")}`;
  return `no CLI ${pulumiVersion} with its language host in ${callerHome}/versions/${pulumiVersion}/bin or on PATH`;
}

/** Tells every route that was tried and why it failed. */
export function noRouteMessage(failed: readonly FailedRoute[]): string {
  const lines = failed.map(({ route, reason }) => `  - ${route}: ${reason.replaceAll("\n", "\n      ")}`);
  return [
    `Pulumi ${pulumiVersion} and its plugins could not be set up. Tried, in this order:`,
    ...lines,
    "Mend any one of these and run the command again. To use an installation at another place, set PULUMI_HOME to it.",
  ].join("\n");
}
