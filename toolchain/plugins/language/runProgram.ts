import { spawn } from "node:child_process";
import type { RunRequest } from "@pulumi/pulumi/proto/language_pb.js";
import { sdkRunner } from "./requiredPackages.ts";

/** How a program ended: well, with an error for the user, or with one that the user has seen already. */
export type ProgramResult = { error?: string; bail?: boolean };

/** The SDK's exit code for "the user has been told" (sdk/nodejs/cmd/run in pulumi/pulumi). */
const exitedAfterMessage = 32;
const killAfterMilliseconds = 5000;

/**
 * Runs the Pulumi program in a Node process of its own, the Node that runs this file, and waits for its end. Its output
 * is ours, which the engine shows. An abort interrupts it, and kills it five seconds later.
 */
export async function runProgram(
  request: RunRequest,
  engineAddress: string,
  signal: AbortSignal,
): Promise<ProgramResult> {
  const options = (request.getInfo()?.getOptions()?.toJavaScript() ?? {}) as {
    typescript?: boolean;
    nodeargs?: string;
  };
  const child = spawn(
    process.execPath,
    [...splitArguments(options.nodeargs ?? ""), ...programArguments(request, engineAddress)],
    {
      stdio: ["ignore", "inherit", "inherit"],
      env: {
        ...process.env,
        PULUMI_CONFIG: JSON.stringify(programConfig(request)),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
        ...(options.typescript === false ? {} : { PULUMI_NODEJS_TYPESCRIPT: "true" }),
      },
    },
  );
  let killTimer: NodeJS.Timeout | undefined;
  const interrupt = () => {
    child.kill("SIGINT");
    killTimer = setTimeout(() => child.kill("SIGKILL"), killAfterMilliseconds);
  };
  if (signal.aborted) interrupt();
  signal.addEventListener("abort", interrupt);
  try {
    const code = await new Promise<number>((resolve, reject) => {
      child.on("error", reject);
      child.on("exit", (exitCode) => resolve(exitCode ?? -1));
    });
    if (code === 0) return {};
    return code === exitedAfterMessage ? { bail: true } : { error: `Program exited with non-zero exit code: ${code}` };
  } finally {
    signal.removeEventListener("abort", interrupt);
    clearTimeout(killTimer);
  }
}

function programArguments(request: RunRequest, engineAddress: string): string[] {
  const info = request.getInfo();
  const directory = info?.getProgramDirectory() ?? request.getPwd();
  const flags = {
    monitor: request.getMonitorAddress(),
    engine: engineAddress,
    organization: request.getOrganization(),
    project: request.getProject(),
    "root-directory": info?.getRootDirectory(),
    stack: request.getStack(),
    pwd: directory,
    parallel: String(request.getParallel()),
  };
  return [
    sdkRunner(directory),
    ...Object.entries(flags).flatMap(([name, value]) => (value ? [`--${name}`, value] : [])),
    ...(request.getDryrun() ? ["--dry-run"] : []),
    info?.getEntryPoint() || ".",
    ...request.getArgsList(),
  ];
}

/** The SDK reads keys in the old form `project:config:key` as well as in the new one; the official host sends the old. */
function programConfig(request: RunRequest): Record<string, string> {
  const entries = request.getConfigMap().toObject() as [string, string][];
  return Object.fromEntries(entries.map(([key, value]) => [key.replace(/^([^:]+):(?!config:)/, "$1:config:"), value]));
}

/** Splits `nodeargs` as a shell would, quotes included. */
function splitArguments(text: string): string[] {
  return [...text.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? "",
  );
}
