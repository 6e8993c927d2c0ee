import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { access, mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { UserError } from "../../configs/userError.ts";
import { exclusively } from "../exclusively.mjs";
import type { Progress } from "../progress.ts";
import { CommandError, runCommand } from "../runCommand.ts";
import { pulumiVersion } from "./versions.ts";

const cliPackage = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";

/**
 * The CLI, built from the Go module proxy at the version and with the dependencies that toolchain/pulumi-cli pins. Kept per
 * user, by the hash of those pins: built once, for all checkouts. Minutes on a small machine.
 */
export async function buildCli(project: string, progress: Progress): Promise<string> {
  const module = join(project, "toolchain", "pulumi-cli");
  const folder = await cacheFolder(module);
  const cli = join(folder, "pulumi");
  await exclusively(
    `build ${cli}`,
    async () => {
      if (await exists(cli)) return;
      await requireGo(module);
      await rm(folder, { recursive: true, force: true }); // what an interrupted build left
      await mkdir(folder, { recursive: true });
      const scratch = await mkdtemp(join(folder, "build-"));
      try {
        const built = join(scratch, "pulumi");
        await compile(module, built, progress);
        await requireVersion(built);
        await rename(built, cli); // whole or not at all
      } finally {
        await rm(scratch, { recursive: true, force: true });
      }
    },
    () => progress.note("Waiting for another command that builds Pulumi …"),
  );
  return cli;
}

async function cacheFolder(module: string): Promise<string> {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  const pins = createHash("sha256");
  for (const file of ["go.mod", "go.sum"]) pins.update(await readFile(join(module, file)));
  return join(cache, "postgres-cluster", `pulumi-${pulumiVersion}-${pins.digest("hex").slice(0, 16)}`);
}

const exists = (file: string): Promise<boolean> =>
  access(file, constants.X_OK).then(
    () => true,
    () => false,
  );

async function requireGo(module: string): Promise<void> {
  const wanted = /^go (\S+)$/m.exec(await readFile(join(module, "go.mod"), "utf8"))?.[1] ?? "";
  const advice = `building Pulumi needs Go ${wanted} or newer on PATH (go.dev/dl, or the package golang-go of a recent Debian)`;
  let found: string;
  try {
    // Asked inside the module: a Go from 1.21 may fetch the version that go.mod wants, unless GOTOOLCHAIN forbids it.
    found = (await runCommand("go", ["env", "GOVERSION"], { cwd: module })).stdout.trim().replace(/^go/, "");
  } catch (error) {
    throw new UserError(`${advice}: ${(error as Error).message}`);
  }
  if (isOlder(found, wanted)) throw new UserError(`${advice}; this is Go ${found}`);
}

/** Compares versions like 1.25.11 number by number. */
export function isOlder(version: string, than: string): boolean {
  const [have, want] = [version, than].map((text) =>
    text.split(/[.\s-]/).map((part) => Number.parseInt(part, 10) || 0),
  );
  const index = want?.findIndex((part, position) => part !== (have?.[position] ?? 0)) ?? -1;
  return index >= 0 && (have?.[index] ?? 0) < (want?.[index] ?? 0);
}

/** Debugging symbols are left out: linking is faster and the file a quarter smaller. No C compiler is needed. */
async function compile(module: string, output: string, progress: Progress): Promise<void> {
  const env = { ...process.env, CGO_ENABLED: "0", GOFLAGS: "-mod=readonly", GOWORK: "off" };
  const count = (needle: string, update: (done: number) => void) => {
    let done = 0;
    return (line: string) => {
      if (line.includes(needle)) update(++done);
    };
  };
  const packages = await progress.step("Fetching the source of Pulumi by the Go module proxy", async (update) => {
    const onLine = count("go: downloading", (done) => update(`${done} modules`));
    const listed = await runCommand("go", ["list", "-deps", cliPackage], { cwd: module, env, onLine });
    return listed.stdout.trim().split("\n").length;
  });
  await progress.step(`Building Pulumi ${pulumiVersion}`, (update) => {
    const version = `-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${pulumiVersion}`;
    const options = ["-v", "-trimpath", "-buildvcs=false", `-ldflags=-s -w ${version}`, "-o", output];
    // With -v, go names each package that it compiles: one a line.
    const onLine = count("", (done) => update(done < packages ? `${done} of ${packages} packages` : "linking"));
    return runCommand("go", ["build", ...options, cliPackage], { cwd: module, env, onLine });
  });
}

async function requireVersion(cli: string): Promise<void> {
  // A home beside it, in the scratch folder: Pulumi writes a log there also when it is only asked for its version.
  const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true", PULUMI_HOME: join(dirname(cli), "home") };
  const { stdout } = await runCommand(cli, ["version"], { env });
  if (stdout.trim().replace(/^v/, "") !== pulumiVersion) {
    throw new CommandError(`the CLI that was built says it is version "${stdout.trim()}", not ${pulumiVersion}`);
  }
}
