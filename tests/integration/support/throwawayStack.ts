import { type ChildProcess, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type pg from "pg";
import { expect } from "vitest";
import { parseDocument } from "yaml";
import { projectName, stackConfigPath } from "../../../configs/rawConfig.ts";
import { Connections } from "../../../operations/connections.ts";
import type { Desired } from "../../../operations/desired.ts";
import { NodeContainer } from "../../../operations/docker.ts";
import type { Report } from "../../../operations/report.ts";
import { withConnection } from "../../../operations/sql.ts";
import { verify } from "../../../operations/verify/verify.ts";
import { ClientContainer } from "./clientContainer.ts";
import { type CliResult, CliRun } from "./cliRun.ts";
import { dockerObjectsOf, removeDockerObjects } from "./dockerObjects.ts";
import { desiredOf, type ExportedStack, outputsOf, type StackOutputs } from "./exportedStack.ts";
import { freePorts } from "./freePorts.ts";
import { ThrowawayProject } from "./throwawayProject.ts";

/** What a stack config says besides its nodes' ports: keys without the project's prefix. */
export type StackConfig = Readonly<Record<string, unknown>>;

/**
 * A stack of a project of its own, with a random name and free ports. Use it with `await using`: whatever happens, its containers,
 * volumes and network are removed with it, and it is asserted that nothing is left.
 */
export class ThrowawayStack implements AsyncDisposable {
  readonly name: string;
  readonly nodeNames: readonly string[];
  readonly project: ThrowawayProject;
  readonly ports: readonly number[];
  private config: StackConfig = {};
  private readonly runs: CliRun[] = [];
  private exported: Promise<ExportedStack> | undefined;

  /** Cleans up if this process is killed before it can. */
  private readonly reaper: ChildProcess;

  private constructor(name: string, project: ThrowawayProject, ports: readonly number[]) {
    this.name = name;
    this.project = project;
    this.ports = ports;
    this.nodeNames = ports.map((_, index) => `pg-${index + 1}`);
    const script = join(import.meta.dirname, "reaper.ts");
    this.reaper = spawn(process.execPath, [script, name, project.root], {
      detached: true,
      stdio: ["pipe", "ignore", "inherit"],
    });
  }

  /** Writes the stack's config file; nothing runs yet. Nodes pg-1 to pg-N, unless `config` names its own. */
  static async create(config: StackConfig, nodes = 3): Promise<ThrowawayStack> {
    const letters = Array.from({ length: 6 }, () => randomInt(36).toString(36)).join("");
    const stack = new ThrowawayStack(`it${letters}`, await ThrowawayProject.create(), await freePorts(nodes));
    await writeFile(stack.configFile, "config:\n");
    await stack.configure({ nodes: stack.nodes(), primary: "pg-1", ...config });
    return stack;
  }

  /** Edits the stack config as a user does: the given keys are replaced (undefined: removed), everything else stays. */
  async configure(changes: StackConfig): Promise<void> {
    this.config = { ...this.config, ...changes };
    const document = parseDocument(await readFile(this.configFile, "utf8"));
    const entries = Object.entries(this.config).filter(([, value]) => value !== undefined);
    document.set("config", Object.fromEntries(entries.map(([key, value]) => [`${projectName}:${key}`, value])));
    await writeFile(this.configFile, document.toString());
  }

  /** A file beside the stack's config: what `schema` names. */
  async writeSchemaFile(path: string, text: string): Promise<void> {
    const file = join(dirname(this.configFile), path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }

  /** The config's `nodes`, with what is to be added to some of them. */
  nodes(additions: Readonly<Record<string, object>> = {}): object[] {
    return this.nodeNames.map((name, index) => ({ name, port: this.ports[index], ...additions[name] }));
  }

  /** Starts the user's command: `npm run VERB -- --stack …`. */
  start(
    verb:
      | "up"
      | "preview"
      | "status"
      | "verify"
      | "sync-sequences"
      | "destroy"
      | "watch"
      | "load"
      | "switchover"
      | "failover"
      | "drill",
    ...options: readonly string[]
  ): CliRun {
    return this.run(process.execPath, ["commands/main.ts", verb, "--stack", this.name, ...options]);
  }

  /** Starts the plain Pulumi CLI on this stack; `up` and the like don't ask. */
  startPulumi(args: readonly string[]): CliRun {
    return this.run(this.project.pulumi, [...args, "--stack", this.name, "--non-interactive"]);
  }

  /** The user's `up`; it must succeed. */
  async up(...options: readonly string[]): Promise<CliResult> {
    return this.start("up", ...options).succeeded();
  }

  async pulumi(...args: readonly string[]): Promise<CliResult> {
    return this.startPulumi(args).succeeded();
  }

  /** The stack's state with its secrets, as the last run left it. */
  export(): Promise<ExportedStack> {
    this.exported ??= this.pulumi("stack", "export", "--show-secrets").then(({ output }) => JSON.parse(output));
    return this.exported;
  }

  async outputs(): Promise<StackOutputs> {
    return outputsOf(await this.export());
  }

  /** What the last successful convergence was told. */
  async desired(): Promise<Desired> {
    return desiredOf(await this.export());
  }

  /** The verification alone, against what the last `up` declared. */
  async verify(): Promise<Report> {
    await using connections = new Connections();
    return await verify(await this.desired(), connections);
  }

  /** The verification must find nothing; what it found is in the failure. */
  async expectVerified(): Promise<Report> {
    const report = await this.verify();
    expect(report.findings.filter(({ ok }) => !ok)).toEqual([]);
    return report;
  }

  node(name: string): NodeContainer {
    return new NodeContainer(this.containerName(name));
  }

  containerName(node: string): string {
    return `${this.name}-${node}`;
  }

  /** Runs one statement as superuser on a node, over its local socket. */
  async sql<Row extends pg.QueryResultRow>(
    node: string,
    statement: string,
    values: unknown[] = [],
    database = "postgres",
  ): Promise<Row[]> {
    const result = await withConnection(this.node(node), (client) => client.query<Row>(statement, values), database);
    return result.rows;
  }

  /** As `sql`, in the application's database. */
  appSql<Row extends pg.QueryResultRow>(node: string, statement: string, values: unknown[] = []): Promise<Row[]> {
    return this.sql<Row>(node, statement, values, "app");
  }

  /** A shell command as postgres inside a node's container; it must succeed. */
  shell(node: string, script: string): Promise<string> {
    return this.node(node).run(["bash", "-c", script]);
  }

  /** Container ids by node; undefined where there is none. */
  async containerIds(): Promise<Record<string, string | undefined>> {
    const ids = this.nodeNames.map(async (name) => [name, (await this.node(name).inspect())?.Id] as const);
    return Object.fromEntries(await Promise.all(ids));
  }

  /** Needs a cluster that is up: its image and its CA are used. */
  async client(): Promise<ClientContainer> {
    const { connectionString } = await this.outputs();
    const caFile = new URL(connectionString.replace(/@[^/]*\//, "@host/")).searchParams.get("sslrootcert")!;
    const image = (await this.node("pg-1").inspect())!.Image;
    return ClientContainer.start(this.name, image, [caFile]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.runs.map((run) => run.killTree()));
    await removeDockerObjects(await dockerObjectsOf(this.name));
    await this.project.remove(this.name);
    this.reaper.stdin!.end();
    expect(await dockerObjectsOf(this.name)).toEqual({ containers: [], volumes: [], networks: [], imageTags: [] });
  }

  private get configFile(): string {
    return join(this.project.directory, stackConfigPath(this.name));
  }

  private run(command: string, args: readonly string[]): CliRun {
    if (args[0] !== "stack") this.exported = undefined;
    const run = new CliRun(command, args, { cwd: this.project.directory, env: this.project.env });
    this.runs.push(run);
    this.reaper.stdin!.write(`+${run.pid}\n`);
    run.ended.finally(() => this.reaper.stdin!.write(`-${run.pid}\n`));
    return run;
  }
}
