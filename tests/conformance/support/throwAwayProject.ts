import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type PulumiHome, pulumiHome, removeHome } from "./pulumiHome.ts";

/** One step of the engine, from its event log. */
export interface Step {
  op: string;
  /** The resource's logical name. */
  name: string;
  type: string;
  /** Properties that force the replacement. */
  keys?: string[];
  /** Properties that change. */
  diffs?: string[];
  detailedDiff?: Record<string, { diffKind: string }> | null;
  old?: ResourceRecord;
  new?: ResourceRecord;
}

export interface ResourceRecord {
  id: string;
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
  initErrors?: string[];
}

/** A diagnostic that the engine kept or, when ephemeral, showed as a resource's status. */
export interface Diagnostic {
  urn?: string;
  message: string;
  severity: string;
  ephemeral?: boolean;
}

export interface Run {
  code: number | null;
  /** All that the CLI printed, without colours. */
  output: string;
  steps: Step[];
  diagnostics: Diagnostic[];
  /** Operations by kind, e.g. `{ same: 3, update: 1 }`. */
  changes: Record<string, number>;
}

/** A run that goes on. */
export interface RunningPulumi {
  process: ChildProcess;
  /** Resolves when the output so far matches; throws when the CLI ends without it. */
  seen(pattern: RegExp): Promise<void>;
  ended: Promise<Run>;
}

/**
 * A Pulumi project in a temporary folder with a state of its own. Its program is a file of `programs/`, told what to do
 * by the environment variables CONFORMANCE_STEP and CONFORMANCE_PREFIX. Disposing of it destroys its stack.
 */
export class ThrowAwayProject implements AsyncDisposable {
  /** May be exchanged between runs. */
  home: PulumiHome;
  readonly directory: string;
  /** Begins the name of everything that the project makes outside of its folder. */
  readonly prefix = `conformance-${randomBytes(3).toString("hex")}`;
  #runs = 0;

  private constructor(home: PulumiHome, directory: string) {
    this.home = home;
    this.directory = directory;
  }

  static async create(program: string, home?: PulumiHome): Promise<ThrowAwayProject> {
    const directory = await mkdtemp(join(tmpdir(), "postgres-cluster-conformance-"));
    const project = new ThrowAwayProject(home ?? (await pulumiHome()), directory);
    const root = join(import.meta.dirname, "../../..");
    const source = join(import.meta.dirname, "../programs", program);
    const { dependencies } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
    await Promise.all([
      mkdir(join(directory, "state")),
      symlink(join(root, "node_modules"), join(directory, "node_modules")),
      writeFile(join(directory, "index.ts"), `export * from ${JSON.stringify(source)};\n`),
      writeFile(join(directory, "package.json"), JSON.stringify({ type: "module", main: "index.ts", dependencies })),
      writeFile(
        join(directory, "Pulumi.yaml"),
        "name: conformance\nruntime: { name: nodejs, options: { typescript: false, packagemanager: npm } }\n",
      ),
    ]);
    await project.#run(["stack", "init", "test"]).then(succeeded);
    return project;
  }

  async setConfig(key: string, value: string, ...flags: string[]): Promise<void> {
    succeeded(await this.#run(["config", "set", "--stack", "test", key, value, ...flags]));
  }

  preview(step: string, ...flags: string[]): Promise<Run> {
    return this.#logged(["preview", ...flags], step).ended;
  }

  up(step: string, ...flags: string[]): Promise<Run> {
    return this.startUp(step, ...flags).ended;
  }

  startUp(step: string, ...flags: string[]): RunningPulumi {
    return this.#logged(["up", "--yes", "--skip-preview", ...flags], step);
  }

  refresh(...flags: string[]): Promise<Run> {
    return this.#logged(["refresh", "--yes", "--skip-preview", ...flags], "").ended;
  }

  destroy(...flags: string[]): Promise<Run> {
    return this.#logged(["destroy", "--yes", "--skip-preview", ...flags], "").ended;
  }

  import(type: string, name: string, id: string): Promise<Run> {
    return this.#logged(
      ["import", type, name, id, "--yes", "--skip-preview", "--generate-code=false", "--protect=false"],
      "",
    ).ended;
  }

  /** The state as it is stored: secrets encrypted. */
  async state(): Promise<{ text: string; resources: (ResourceRecord & { urn: string; name: string })[] }> {
    const { output } = succeeded(await this.#run(["stack", "export"]));
    const { deployment } = JSON.parse(output.slice(output.indexOf("{"))) as {
      deployment: { resources?: (ResourceRecord & { urn: string })[] };
    };
    const named = (deployment.resources ?? []).map((resource) => ({ ...resource, name: nameOf(resource.urn) }));
    return { text: output, resources: named };
  }

  async outputs(): Promise<Record<string, unknown>> {
    const { output } = succeeded(await this.#run(["stack", "output", "--json", "--show-secrets"]));
    return JSON.parse(output.slice(output.indexOf("{")));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const destroyed = await this.destroy();
    await rm(this.directory, { recursive: true, force: true });
    await removeHome(this.home);
    succeeded(destroyed);
  }

  #logged(command: string[], step: string): RunningPulumi {
    const log = join(this.directory, `events-${this.#runs++}`);
    const flags = ["--stack", "test", "--color", "never", "--event-log", log];
    const running = this.#start([...command, ...flags], step);
    return { ...running, ended: running.ended.then(async (run) => ({ ...run, ...(await readEvents(log)) })) };
  }

  #run(command: string[]): Promise<Run> {
    return this.#start(command, "").ended;
  }

  #start(command: string[], step: string): RunningPulumi {
    const binaries = join(this.home.directory, "versions/3.259.0/bin");
    const child = spawn(join(binaries, "pulumi"), [...command, "--non-interactive"], {
      cwd: this.directory,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...process.env,
        PATH: [binaries, dirname(process.execPath), process.env.PATH].join(":"),
        PULUMI_HOME: this.home.directory,
        PULUMI_BACKEND_URL: `file://${join(this.directory, "state")}`,
        PULUMI_CONFIG_PASSPHRASE: "conformance",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_DEBUG_COMMANDS: "true",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        CONFORMANCE_STEP: step,
        CONFORMANCE_PREFIX: this.prefix,
        CONFORMANCE_DIRECTORY: this.directory,
      },
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
    }
    let over = false;
    const ended = new Promise<Run>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => {
        over = true;
        resolve({ code, output, steps: [], diagnostics: [], changes: {} });
      });
    });
    const seen = async (pattern: RegExp) => {
      while (!pattern.test(output)) {
        if (over) throw new Error(`pulumi ended without printing ${pattern}:\n${output}`);
        await delay(20);
      }
    };
    return { process: child, seen, ended };
  }
}

/** The run itself when it went well; else an error with everything that was printed. */
export function succeeded(run: Run): Run {
  if (run.code !== 0) throw new Error(`pulumi ended with ${run.code}:\n${run.output}`);
  return run;
}

/** The one step on a resource; a replacement's own step where it has several. */
export function stepOn(run: Run, name: string): Step {
  const steps = run.steps.filter((step) => step.name === name);
  const step = steps.find(({ op }) => op === "replace") ?? steps[0];
  if (step === undefined) throw new Error(`no step on ${name}:\n${run.output}`);
  return step;
}

function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

async function readEvents(path: string): Promise<Pick<Run, "steps" | "diagnostics" | "changes">> {
  const text = await readFile(path, "utf8").catch(() => "");
  const events = text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line)]));
  return {
    steps: events.flatMap(({ resourcePreEvent }) => {
      if (resourcePreEvent === undefined) return [];
      const { metadata } = resourcePreEvent;
      return [{ ...metadata, name: nameOf(metadata.urn) } as Step];
    }),
    diagnostics: events.flatMap(({ diagnosticEvent }) => (diagnosticEvent === undefined ? [] : [diagnosticEvent])),
    changes: events.find(({ summaryEvent }) => summaryEvent !== undefined)?.summaryEvent.resourceChanges ?? {},
  };
}
