import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { basename, delimiter, dirname, join } from "node:path";
import { cliIn } from "../../../toolchain/pulumi/versions.ts";

/** The caller's, as Pulumi itself finds it. */
const pulumiHome = process.env.PULUMI_HOME ?? join(homedir(), ".pulumi");

const checkout = join(import.meta.dirname, "../../..");

/** What makes up the program; dependencies are shared with the checkout. */
const parts = [
  "index.ts",
  "components",
  "configs",
  "operations",
  "commands",
  "toolchain",
  "image",
  "package.json",
  "package-lock.json",
  "Pulumi.yaml",
];

/**
 * A copy of the checkout's code in a temporary directory, with a state and a passphrase of its own, and no stack. A copy, because
 * code finds its project by its own path.
 */
export class ThrowawayProject implements AsyncDisposable {
  readonly directory: string;
  /** For every command: the caller's Pulumi, this project's state. */
  readonly env: NodeJS.ProcessEnv;
  /** The Pulumi CLI that the caller's environment hands over. */
  readonly pulumi: string;
  /** Holds all of it: the code, the state. */
  readonly root: string;

  private constructor(root: string) {
    this.root = root;
    this.directory = join(root, "project");
    const cli = cliIn(pulumiHome);
    this.pulumi = existsSync(cli) ? cli : "pulumi";
    const { PULUMI_CONFIG_PASSPHRASE_FILE: _, PULUMI_STACK: __, ...caller } = process.env;
    this.env = {
      ...caller,
      PATH: [...(existsSync(cli) ? [dirname(cli)] : []), dirname(process.execPath), caller.PATH].join(delimiter),
      PULUMI_BACKEND_URL: `file://${join(root, "state")}`,
      PULUMI_CONFIG_PASSPHRASE: randomBytes(16).toString("hex"),
      PULUMI_SKIP_UPDATE_CHECK: "true",
    };
  }

  static async create(): Promise<ThrowawayProject> {
    const project = new ThrowawayProject(await mkdtemp(join(tmpdir(), "postgres-cluster-it-")));
    await mkdir(join(project.root, "state"));
    for (const part of parts) {
      const filter = (path: string) => !/^Pulumi\..+\.yaml$/.test(basename(path));
      await cp(join(checkout, part), join(project.directory, part), { recursive: true, filter });
    }
    await symlink(join(checkout, "node_modules"), join(project.directory, "node_modules"));
    return project;
  }

  /** Pulumi writes a log per run of a stack beside its plugins: removes those of this stack, and the directory. */
  async remove(stack: string): Promise<void> {
    const logs = join(pulumiHome, "logs");
    for (const log of existsSync(logs) ? await readdir(logs) : []) {
      if (log.includes(`+${stack}-`)) await rm(join(logs, log), { force: true });
    }
    await this[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.root, { recursive: true, force: true });
  }
}
