import type { PulumiFacts } from "./facts.ts";

/** A CLI of the right version and the PULUMI_HOME that holds its plugins. */
export interface PulumiToolchain {
  readonly route: "machine" | "download" | "registry-only";
  readonly cli: string;
  readonly home: string;
}

export type PulumiChoice =
  /** Everything is there. */
  | { readonly kind: "ready"; readonly toolchain: PulumiToolchain }
  /** The CLI is there; these plugins of its home are not. */
  | { readonly kind: "plugins missing"; readonly toolchain: PulumiToolchain; readonly missing: readonly string[] }
  /** Registry-only plugins were chosen earlier, but by another version of this checkout, at another path, or with another Node. */
  | { readonly kind: "renew registry-only" }
  /** There is no CLI of our version. */
  | { readonly kind: "nothing" };

/**
 * Chooses what to use of what is there. What the caller has comes first, a PULUMI_HOME over PATH, so that an official
 * installation always wins over the project's own registry-only one; that one wins over installing anything.
 *
 * `versionOf` tells the version of a CLI on PATH; it is asked for those only, since the place of the others says it.
 */
export function choosePulumi(
  facts: PulumiFacts,
  versionOf: (cli: string) => string | undefined,
  wanted: string,
): PulumiChoice {
  const { callerHome, projectHome } = facts;
  const onPath = callerHome.cli === undefined ? facts.onPath.find((cli) => versionOf(cli) === wanted) : undefined;
  const cli = callerHome.cli ?? onPath;
  if (cli !== undefined && callerHome.missingPlugins.length === 0) {
    return { kind: "ready", toolchain: { route: "machine", cli, home: callerHome.home } };
  }
  if (projectHome.cli !== undefined) {
    if (!projectHome.current || projectHome.missingPlugins.length > 0) return { kind: "renew registry-only" };
    return { kind: "ready", toolchain: { route: "registry-only", cli: projectHome.cli, home: projectHome.home } };
  }
  if (cli === undefined) return { kind: "nothing" };
  return {
    kind: "plugins missing",
    toolchain: { route: "machine", cli, home: callerHome.home },
    missing: callerHome.missingPlugins,
  };
}
