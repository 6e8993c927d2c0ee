import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Prepared } from "../../toolchain/prepare.ts";
import type { Place } from "../contestants/place.ts";
import { freePorts } from "./freePorts.ts";
import { interruption } from "./interruption.ts";
import { removeByPrefix } from "./removeByPrefix.ts";
import { endChildren, type RunOptions, runTimed, type TimedRun } from "./runTimed.ts";
import { say } from "./say.ts";

/** What a benchmark runs in. */
export interface World {
  /** The Pulumi CLI. */
  readonly cli: string;
  /** Places for clusters of `nodes` nodes each, as many as there are names. To be called once: stacks are named after the world. */
  readonly places: <Names extends readonly string[]>(nodes: number, ...names: Names) => Promise<PlaceFor<Names>>;
  /** Runs any other command, in the world's environment and `env`. */
  readonly run: (command: string, args: readonly string[], options?: Partial<RunOptions>) => Promise<TimedRun>;
}

type PlaceFor<Names extends readonly string[]> = { readonly [Index in keyof Names]: Place };

/**
 * Runs `work` in a world of its own: a folder, a state, ports, and a prefix that the name of every Docker object begins with.
 * All of it is gone afterwards, found by that prefix, also when `work` fails or is interrupted.
 */
export async function withWorld<T>(prepared: Prepared, work: (world: World) => Promise<T>): Promise<T> {
  const id = `bench${randomBytes(3).toString("hex")}`;
  const folder = await mkdtemp(join(tmpdir(), "postgres-cluster-bench-"));
  try {
    return await Promise.race([createWorld(prepared, id, folder).then(work), interruption()]);
  } finally {
    say("Removing what the benchmark made …");
    await endChildren();
    await removeByPrefix(id);
    await removePulumiLogs(prepared.pulumi!.home, id);
    await rm(folder, { recursive: true, force: true });
  }
}

async function createWorld(prepared: Prepared, id: string, folder: string): Promise<World> {
  await mkdir(join(folder, "state"));
  const env = environment(prepared, folder);
  return {
    cli: prepared.pulumi!.cli,
    async places(nodes, ...names) {
      const ports = await freePorts(nodes * names.length);
      return names.map((name, index) => ({
        id,
        folder: join(folder, name),
        env,
        ports: ports.slice(index * nodes, (index + 1) * nodes),
      })) as PlaceFor<typeof names>;
    },
    run: (command, args, { cwd = folder, env: more } = {}) =>
      runTimed(command, args, { cwd, env: { ...env, ...more } }),
  };
}

/** The prepared environment, with a state and a passphrase that are not the user's, and without what `npm run` adds. */
function environment({ env }: Prepared, folder: string): NodeJS.ProcessEnv {
  const { PULUMI_CONFIG_PASSPHRASE_FILE: _, PULUMI_STACK: __, ...rest } = env;
  return {
    ...Object.fromEntries(Object.entries(rest).filter(([name]) => !name.startsWith("npm_"))),
    PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
    PULUMI_CONFIG_PASSPHRASE: randomBytes(16).toString("hex"),
  };
}

/** Pulumi keeps a log of each run beside its plugins, named after the stack. */
async function removePulumiLogs(pulumiHome: string, stack: string): Promise<void> {
  const folder = join(pulumiHome, "logs");
  if (!existsSync(folder)) return;
  const logs = (await readdir(folder)).filter((log) => log.includes(`+${stack}-`));
  await Promise.all(logs.map((log) => rm(join(folder, log), { force: true })));
}
