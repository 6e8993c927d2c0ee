import { type Duplex, PassThrough } from "node:stream";
import Docker from "dockerode";
import { pack } from "tar-stream";
import { labels } from "../configs/labels.ts";
import { UserError } from "../configs/userError.ts";
import { until } from "./until.ts";

export interface ExecResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ExecOptions {
  /** Called with each line that the command writes to stderr, as it comes. */
  readonly onStderrLine?: (line: string) => void;
}

/** A file to be put into a container; a `link` is a symbolic link to that target instead. */
export type FileEntry =
  | { readonly path: string; readonly text: string; readonly mode: number }
  | { readonly path: string; readonly link: string };

/** `restarting`: its process ended, and Docker's restart policy is about to start it again, and again. */
export type ContainerState = "absent" | "stopped" | "restarting" | "paused" | "running";

/**
 * A command could not be run in a container because it is not running, or was killed in it: as a rule because the container ended,
 * which the Engine may not have noticed yet when it reports the command's end.
 */
export class ContainerNotRunning extends UserError {
  override name = "ContainerNotRunning";

  constructor(container: string, what: string, options?: ErrorOptions) {
    super(`${container}: ${what}. Its log: docker logs --tail 50 ${container}`, options);
  }
}

/** What Docker's runtime answers in place of the command's own exit code and output when the container has just ended. */
const cannotExec = 126;
const notRunningMessages = /^(OCI runtime exec failed|cannot exec in a stopped state)/;
/** 128 + SIGKILL: also what becomes of every command in a container that ends. */
const killed = 137;

/** The Engine's answer (304 Not Modified) to the start of a container that runs. */
const alreadyStarted = 304;

/** Milliseconds for an Engine to freeze a container in which processes come and go. */
const freezesWithin = 10_000;

/** Its answer (409 Conflict) to the kill of one that doesn't. */
const notRunning = 409;

/** uid and gid of `postgres` in the node image. */
const postgresId = 999;

/**
 * The container of one node, on the Engine that it lives on. Only this class talks to Docker; the Engine is found as everywhere
 * (DOCKER_HOST, else the default socket).
 */
export class NodeContainer {
  readonly name: string;
  private readonly container: Docker.Container;
  private readonly engine: Docker;

  constructor(name: string, engine: Docker = new Docker()) {
    this.name = name;
    this.engine = engine;
    this.container = engine.getContainer(name);
  }

  /** undefined when there is no such container. */
  async inspect(): Promise<Docker.ContainerInspectInfo | undefined> {
    try {
      return await this.container.inspect();
    } catch (error) {
      if (isStatus(error, 404)) return undefined;
      throw error;
    }
  }

  /** Docker calls a container `running` while it is restarting or paused, too. */
  static stateOf(info: Docker.ContainerInspectInfo): ContainerState {
    if (info.State.Paused) return "paused";
    if (info.State.Restarting) return "restarting";
    return info.State.Running ? "running" : "stopped";
  }

  /** Runs a command as `postgres` in the running container and collects what it prints. Throws ContainerNotRunning. */
  async exec(command: readonly string[], options: ExecOptions = {}): Promise<ExecResult> {
    const { exec, stream } = await this.startExec(command, false);
    const stdout = collect();
    const stderr = collect(options.onStderrLine);
    this.engine.modem.demuxStream(stream, stdout.sink, stderr.sink);
    await new Promise<void>((resolve, reject) => stream.on("end", resolve).on("close", resolve).on("error", reject));
    const exitCode = await this.exitCode(exec);
    if (exitCode === cannotExec && notRunningMessages.test(stdout.text())) {
      throw new ContainerNotRunning(this.name, `the container ended before ${command[0]} could run`);
    }
    if (exitCode === killed) {
      throw new ContainerNotRunning(this.name, `${command[0]} was killed, or the container ended under it`);
    }
    return { exitCode, stdout: stdout.text(), stderr: stderr.text() };
  }

  /** Like exec, but a non-zero exit code is an error that shows the command's own words. */
  async run(command: readonly string[], options: ExecOptions = {}): Promise<string> {
    const { exitCode, stdout, stderr } = await this.exec(command, options);
    if (exitCode === 0) return stdout;
    const said = (stderr || stdout).trim().split("\n").slice(-15).join("\n");
    throw new UserError(`${this.name}: ${command[0]} failed with exit code ${exitCode}:\n${said}`);
  }

  /** Runs a command: `stream` is written to its stdin, and ends with it; `output` and `errors` are its stdout and stderr. */
  async open(command: readonly string[]): Promise<{ stream: Duplex; output: PassThrough; errors: PassThrough }> {
    const { stream } = await this.startExec(command, true);
    const [output, errors] = [new PassThrough(), new PassThrough()];
    this.engine.modem.demuxStream(stream, output, errors);
    const end = () => {
      output.end();
      errors.end();
    };
    stream.on("end", end).on("close", end).on("error", end);
    return { stream, output, errors };
  }

  /** Puts files below `directory`, owned by postgres. Works on running and on stopped containers. */
  async putFiles(directory: string, entries: readonly FileEntry[]): Promise<void> {
    const archive = pack();
    const owner = { uid: postgresId, gid: postgresId, mtime: new Date() };
    const folders = new Set(entries.flatMap(({ path }) => parents(path)));
    for (const folder of folders) archive.entry({ ...owner, name: folder, type: "directory", mode: 0o700 });
    for (const entry of entries) {
      if ("link" in entry) archive.entry({ ...owner, name: entry.path, type: "symlink", linkname: entry.link });
      else archive.entry({ ...owner, name: entry.path, mode: entry.mode }, entry.text);
    }
    archive.finalize();
    // The typings ask for Node's older stream interface; the client only pipes it.
    await this.container.putArchive(archive as unknown as NodeJS.ReadableStream, { path: directory });
  }

  /** Also when Docker's restart policy was quicker. */
  async start(): Promise<void> {
    try {
      await this.container.start();
    } catch (error) {
      if (!isStatus(error, alreadyStarted)) throw error;
    }
  }

  async stop(): Promise<void> {
    await this.container.stop();
  }

  /** SIGKILL: a crash. */
  async kill(): Promise<void> {
    await this.container.kill();
  }

  /**
   * Freezes all of its processes. On cgroup v1 that fails while new ones keep appearing among them, as with every exec; Docker's runtime
   * then thaws the others and leaves it to the caller to try again (runc, libcontainer/cgroups/fs/freezer.go).
   */
  async pause(): Promise<void> {
    await until(() => this.tryPause(), {
      timeout: freezesWithin,
      onTimeout: () => new UserError(`${this.name}: Docker cannot freeze it: new processes keep appearing in it`),
    });
  }

  private async tryPause(): Promise<true | undefined> {
    try {
      await this.container.pause();
      return true;
    } catch (error) {
      if (isStatus(error, 500) && (error as Error).message.includes("unable to freeze")) return undefined;
      throw error;
    }
  }

  /** Resolves when it does not run any more. A frozen one is killed before any of its processes goes on. */
  async killed(): Promise<void> {
    try {
      await this.container.kill();
    } catch (error) {
      if (!isStatus(error, notRunning)) throw error;
    }
    await this.container.wait();
  }

  async unpause(): Promise<void> {
    await this.container.unpause();
  }

  /** As when a cable is pulled: nobody on the network hears from it any more, and its published ports are gone. */
  async disconnect(network: string): Promise<void> {
    await this.engine.getNetwork(network).disconnect({ Container: this.name, Force: true });
  }

  /** Answers to `alias` there, and on its published ports. */
  async connect(network: string, alias: string): Promise<void> {
    const EndpointConfig = { Aliases: [alias] };
    await this.engine.getNetwork(network).connect({ Container: this.name, EndpointConfig });
  }

  async restart(): Promise<void> {
    await this.container.restart();
  }

  /** The last lines of the node's log: PostgreSQL's own and the entrypoint's. */
  async logTail(lines: number): Promise<string> {
    const log = await this.container.logs({ stdout: true, stderr: true, tail: lines, follow: false });
    const text = collect();
    const stream = new PassThrough();
    this.engine.modem.demuxStream(stream, text.sink, text.sink);
    stream.end(log);
    await new Promise((resolve) => stream.on("end", resolve));
    return text.text();
  }

  private async startExec(command: readonly string[], stdin: boolean) {
    try {
      const exec = await this.container.exec({
        Cmd: [...command],
        AttachStdin: stdin,
        AttachStdout: true,
        AttachStderr: true,
        Tty: false,
      });
      return { exec, stream: (await exec.start({ hijack: true, stdin })) as Duplex };
    } catch (error) {
      if (isStatus(error, 409)) {
        throw new ContainerNotRunning(this.name, "the container is not running", { cause: error });
      }
      throw error;
    }
  }

  /** The stream of an exec ends a moment before the Engine knows the exit code. */
  private exitCode(exec: Docker.Exec): Promise<number> {
    return until(async () => (await exec.inspect()).ExitCode ?? undefined, {
      timeout: 10_000,
      interval: 5,
      onTimeout: () => new Error(`${this.name}: the Engine does not report the exit code of a finished exec`),
    });
  }
}

/** The containers that carry a stack's labels, by node. */
export async function containersOf(stack: string, engine: Docker = new Docker()) {
  const filters = { label: [`${labels.stack}=${stack}`, labels.node] };
  const found = await engine.listContainers({ all: true, filters });
  return found.map(({ Names, Labels, State }) => ({
    name: Labels[labels.node] ?? "",
    container: (Names[0] ?? "").replace(/^\//, ""),
    running: State !== "exited" && State !== "created" && State !== "dead",
  }));
}

export async function hasVolume(name: string, engine: Docker = new Docker()): Promise<boolean> {
  try {
    await engine.getVolume(name).inspect();
    return true;
  } catch (error) {
    if (isStatus(error, 404)) return false;
    throw error;
  }
}

export function isStatus(error: unknown, status: number): boolean {
  return error instanceof Error && (error as { statusCode?: number }).statusCode === status;
}

function parents(path: string): string[] {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}

function collect(onLine?: (line: string) => void) {
  const chunks: Buffer[] = [];
  const sink = new PassThrough();
  let rest = "";
  sink.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    if (onLine === undefined) return;
    const lines = (rest + chunk.toString()).split(/[\r\n]+/);
    rest = lines.pop() ?? "";
    for (const line of lines) if (line !== "") onLine(line);
  });
  return { sink, text: () => Buffer.concat(chunks).toString() };
}
