import { randomBytes } from "node:crypto";
import type { PropertyMap } from "../framework/propertyValue.ts";
import type { Operation, Resource } from "../framework/resource.ts";
import { boolean, json, list, map, string } from "../framework/resourceSchema.ts";
import { runCommand } from "./runCommand.ts";

/** The inputs and outputs of a `command:local:Command`. */
interface CommandState {
  create: string | null;
  update: string | null;
  delete: string | null;
  environment: Record<string, string> | null;
  stdin: string | null;
  dir: string | null;
  interpreter: string[] | null;
  logging: "stdout" | "stderr" | "stdoutAndStderr" | "none" | null;
  addPreviousOutputInEnv: boolean | null;
  stdout: string | null;
  stderr: string | null;
}

/**
 * `command:local:Command`: runs a command of this machine on create, update, and delete.
 *
 * A failed create is not recorded and a failed update keeps the old inputs, so the next `up` runs either again. A change
 * of `triggers` replaces the resource; that rule is the SDK's (`replaceOnChanges`), not the provider's.
 */
export const localCommand: Resource = {
  schema: {
    token: "command:local:Command",
    inputs: {
      create: string(),
      update: string(),
      delete: string(),
      environment: map(string()),
      stdin: string(),
      triggers: list(json()),
      dir: string(),
      interpreter: list(string()),
      logging: string({ allowed: ["stdout", "stderr", "stdoutAndStderr", "none"] }),
      addPreviousOutputInEnv: boolean(),
    },
    outputs: { stdout: string({ volatile: true }), stderr: string({ volatile: true }) },
  },

  async create(wanted, operation) {
    const id = `${operation.name}${randomBytes(4).toString("hex")}`;
    const inputs = wanted as unknown as CommandState;
    return { id, outputs: await run(inputs.create, inputs, { stdout: "", stderr: "" }, operation) };
  },

  update(_id, state, wanted, operation) {
    const inputs = wanted as unknown as CommandState;
    const { stdout, stderr } = state as unknown as CommandState;
    return run(inputs.update ?? inputs.create, inputs, { stdout: stdout ?? "", stderr: stderr ?? "" }, operation);
  },

  async delete(_id, state, operation) {
    const inputs = state as unknown as CommandState;
    await run(inputs.delete ?? null, inputs, { stdout: inputs.stdout ?? "", stderr: inputs.stderr ?? "" }, operation);
  },
};

/** Runs one of the commands, if there is one; returns the outputs with what it printed, less the last line's end. */
async function run(
  command: string | null,
  inputs: CommandState,
  previous: { stdout: string; stderr: string },
  { signal, log }: Operation,
): Promise<PropertyMap> {
  const given = Object.entries(inputs).filter(([, value]) => value !== null);
  if (command === null) return { ...Object.fromEntries(given), ...previous };
  const logging = inputs.logging ?? "stdoutAndStderr";
  const shown = { stdout: ["stdout", "stdoutAndStderr"], stderr: ["stderr", "stdoutAndStderr"] };
  const printed = await runCommand(command, {
    interpreter: inputs.interpreter?.length ? inputs.interpreter : ["/bin/sh", "-c"],
    directory: inputs.dir ?? process.cwd(),
    environment: {
      ...inputs.environment,
      ...(inputs.addPreviousOutputInEnv === false ? {} : previousOutput(previous)),
    },
    stdin: inputs.stdin ?? "",
    signal,
    onLine: (stream, line) => {
      if (shown[stream].includes(logging)) log("info", line);
    },
  });
  return { ...Object.fromEntries(given), ...printed };
}

function previousOutput({ stdout, stderr }: { stdout: string; stderr: string }): Record<string, string> {
  return {
    ...(stdout !== "" && { PULUMI_COMMAND_STDOUT: stdout }),
    ...(stderr !== "" && { PULUMI_COMMAND_STDERR: stderr }),
  };
}
