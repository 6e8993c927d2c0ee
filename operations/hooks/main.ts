import { enableCompileCache } from "node:module";
import { join } from "node:path";
import { UserError } from "../../configs/userError.ts";

// Pulumi starts a hook for every node at the same time; without compiling the libraries again each takes half as long.
enableCompileCache(join(import.meta.dirname, "..", "..", "node_modules", ".cache", "node-compile"));

/** What the stack's Command resources run: `node operations/hooks/main.ts NAME`, with everything else in the environment. */
const hooks: Readonly<Record<string, () => Promise<void>>> = {
  "write-files": async () => (await import("./writeFiles.ts")).writeFilesHook(),
  converge: async () => (await import("./converge.ts")).convergeHook(),
};

const hook = hooks[process.argv[2] ?? ""];
if (hook === undefined)
  throw new Error(`usage: main.ts ${Object.keys(hooks).join("|")}; this program is run by Pulumi`);
try {
  await hook();
} catch (error) {
  // A user's failure in its own words, a bug with its stack; several nodes may have failed at once.
  const errors: unknown[] = error instanceof AggregateError ? error.errors : [error];
  for (const each of errors)
    process.stderr.write(`${each instanceof UserError ? each.message : (each as Error).stack}\n`);
  process.exitCode = 1;
}
