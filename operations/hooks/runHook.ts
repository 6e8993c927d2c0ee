import { UserError } from "../../configs/userError.ts";

/** Runs a hook's work; a failure ends the process with code 1 and is told on stderr: a user's in its own words, a bug with its stack. */
export async function runHook(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const errors = error instanceof AggregateError ? error.errors : [error];
    for (const each of errors)
      process.stderr.write(`${each instanceof UserError ? each.message : (each as Error).stack}\n`);
    process.exitCode = 1;
  }
}

export function requiredEnvironment(name: string): string {
  const value = process.env[name];
  if (value === undefined)
    throw new Error(`the environment variable ${name} is not set; this program is run by Pulumi`);
  return value;
}
