import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

/** What a package.json says that concerns Pulumi. */
interface PackageFile {
  name?: string;
  version?: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  pulumi?: { resource?: boolean; name?: string; version?: string; server?: string };
}

export interface InstalledPackage {
  name: string;
  version: string;
}

/** A resource plugin that the program needs, e.g. `docker` at `v5.2.0`. */
export interface RequiredPlugin extends InstalledPackage {
  server: string;
}

/**
 * The packages that the program's package.json names, as installed. A package that is named but not installed is left
 * out: whether it is needed shows when the program runs.
 */
export function installedPackages(programDirectory: string): PackageFile[] {
  const program = readPackage(join(programDirectory, "package.json"));
  const names = Object.keys({ ...program?.dependencies, ...program?.devDependencies });
  return names.flatMap((name) => readPackage(join(programDirectory, "node_modules", name, "package.json")) ?? []);
}

/** The resource plugins of those packages, by the rules of `pulumi` in their package.json. */
export function requiredPlugins(programDirectory: string): RequiredPlugin[] {
  return installedPackages(programDirectory)
    .filter(({ pulumi }) => pulumi?.resource === true)
    .map(({ name = "", version = "", pulumi }) => ({
      name: pulumi?.name ?? name.replace(/^@pulumi\//, ""),
      version: `v${(pulumi?.version ?? version).replace(/^v/, "")}`,
      server: pulumi?.server ?? "",
    }));
}

/** The SDK's program that runs a Pulumi program, as the program itself would find it. */
export function sdkRunner(programDirectory: string): string {
  try {
    return createRequire(join(programDirectory, "package.json")).resolve("@pulumi/pulumi/cmd/run");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw error;
    throw new Error("It looks like the Pulumi SDK has not been installed. Have you run npm ci?");
  }
}

function readPackage(path: string): PackageFile | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as PackageFile;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new Error(`${path} cannot be read: ${(error as Error).message}`);
  }
}
