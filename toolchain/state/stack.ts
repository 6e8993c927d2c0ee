import { existsSync, readFileSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../../configs/userError.ts";
import type { Prepared } from "../prepare.ts";
import type { Progress } from "../progress.ts";
import { projectName } from "../project.ts";
import { CommandError, runCommand } from "../runCommand.ts";
import type { Backend } from "./backend.ts";
import { wrongPassphraseMessage } from "./passphrase.ts";
import { readStackConfig, type StackConfig } from "./stackConfig.ts";

/** The state file of a stack in a file backend; undefined if it does not exist there (gzip- and zstd-compressed ones do count). */
export function stackStateFile(backend: Backend, project: string, stack: string): string | undefined {
  if (backend.folder === undefined) return undefined;
  const base = join(backend.folder, ".pulumi", "stacks", projectName(project), stack);
  return [".json", ".json.gz", ".json.zst"].map((suffix) => base + suffix).find((file) => existsSync(file));
}

/**
 * Creates the stack if the backend does not have it, and sees to it that its config file names the stack's encryption salt,
 * which is the one line that Pulumi needs to add there. Every other byte of the file stays as the user wrote it.
 */
export async function ensureStack(prepared: Prepared, stack: string, progress: Progress): Promise<void> {
  const { project, backend, passphrase } = prepared;
  const config = readStackConfig(project, stack);
  const stateFile = stackStateFile(backend, project, stack);
  if (config.encryptionSalt !== undefined && passphrase.isNew) {
    // A salt that came with the files of another checkout. It matters only if something was encrypted with it.
    if (config.hasSecrets || stateFile !== undefined || backend.folder === undefined) {
      throw new UserError(wrongPassphraseMessage(stack, config, passphrase));
    }
    progress.note(
      `${config.file}: its encryptionsalt belongs to another checkout and protects nothing here; making a new one.`,
    );
    await replaceFile(config.file, config.text.replace(/^encryptionsalt:.*\n?/m, ""));
    return createStack(prepared, stack, progress);
  }
  if (stateFile === undefined) return createStack(prepared, stack, progress);
  if (config.encryptionSalt === undefined) {
    const salt = saltOfState(stateFile);
    if (salt !== undefined) await appendSalt(config, salt);
  }
}

async function createStack({ project, pulumi, env }: Prepared, stack: string, progress: Progress): Promise<void> {
  if (pulumi === undefined) throw new Error("a stack can be created only with Pulumi");
  const before = readStackConfig(project, stack);
  try {
    await progress.step(`Creating stack ${stack}`, () =>
      runCommand(pulumi.cli, ["stack", "init", stack, "--non-interactive"], { cwd: project, env }),
    );
  } catch (error) {
    // Only other backends than files get here with a stack that exists.
    if (!(error instanceof CommandError) || !/already exists/.test(error.message)) throw error;
  }
  // Pulumi writes the salt by formatting the whole file anew: blank lines and alignment would be gone.
  const after = readStackConfig(project, stack);
  if (after.text === before.text) return;
  if (before.encryptionSalt === undefined && after.encryptionSalt !== undefined)
    await appendSalt(before, after.encryptionSalt);
}

async function appendSalt({ file, text }: StackConfig, salt: string): Promise<void> {
  await replaceFile(file, `${text}${text === "" || text.endsWith("\n") ? "" : "\n"}encryptionsalt: ${salt}\n`);
}

/** The salt that the state remembers, when the passphrase encrypts it. */
function saltOfState(stateFile: string): string | undefined {
  if (!stateFile.endsWith(".json")) return undefined; // compressed: Pulumi itself mends the file
  const provider = JSON.parse(readFileSync(stateFile, "utf8")).checkpoint?.latest?.secrets_providers;
  return provider?.type === "passphrase" ? provider.state?.salt : undefined;
}

async function replaceFile(file: string, text: string): Promise<void> {
  const draft = `${file}.${process.pid}.tmp`;
  await writeFile(draft, text);
  await rename(draft, file);
}
