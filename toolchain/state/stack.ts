import { existsSync, readFileSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isMap, parseDocument } from "yaml";
import { UserError } from "../../configs/userError.ts";
import type { Prepared } from "../prepare.ts";
import type { Progress } from "../progress.ts";
import { projectName } from "../project.ts";
import { CommandError, runCommand } from "../runCommand.ts";
import type { Backend } from "./backend.ts";
import { createEncryptionSalt, passphraseFits } from "./encryptionSalt.ts";
import { wrongPassphraseMessage } from "./passphrase.ts";
import { readStackConfig, type StackConfig } from "./stackConfig.ts";

/** The state file of a stack in a file backend; undefined if it does not exist there (gzip- and zstd-compressed ones do count). */
export function stackStateFile(backend: Backend, project: string, stack: string): string | undefined {
  if (backend.folder === undefined) return undefined;
  const base = join(backend.folder, ".pulumi", "stacks", projectName(project), stack);
  return [".json", ".json.gz", ".json.zst"].map((suffix) => base + suffix).find((file) => existsSync(file));
}

/**
 * Creates the stack if the backend does not have it. In a file backend it also sees to it that the stack's config file names the
 * encryption salt, the one line that Pulumi needs there: Pulumi itself would format the whole file anew to add it. Every other
 * byte stays as the user wrote it. Throws UserError.
 */
export async function ensureStack(prepared: Prepared, stack: string, progress: Progress): Promise<void> {
  const { project, backend } = prepared;
  const config = readStackConfig(project, stack);
  if (backend.folder === undefined) return createStack(prepared, config, progress);
  const stateFile = stackStateFile(backend, project, stack);
  if (stateFile === undefined) {
    await ensureSalt(prepared, config, progress);
    return createStack(prepared, config, progress);
  }
  // The stack is there; version control may have taken the line away.
  const salt = config.encryptionSalt === undefined ? saltOfState(stateFile) : undefined;
  if (salt !== undefined) await replaceFile(config.file, withSalt(config.text, salt));
}

/** For a stack that is not in the backend yet, so that nothing is encrypted but what the config file itself holds. */
async function ensureSalt({ passphrase }: Prepared, config: StackConfig, progress: Progress): Promise<void> {
  const { file, text, encryptionSalt, hasSecrets } = config;
  if (encryptionSalt !== undefined) {
    if (hasSecrets || (await passphraseFits(passphrase, encryptionSalt))) return;
    progress.note(
      `${file}: its encryptionsalt belongs to another checkout and protects nothing; this one gets its own.`,
    );
  }
  await replaceFile(file, withSalt(text, await createEncryptionSalt(passphrase)));
}

async function createStack(prepared: Prepared, { stack, file }: StackConfig, progress: Progress): Promise<void> {
  const { project, pulumi, env, passphrase } = prepared;
  if (pulumi === undefined) throw new Error("a stack can be created only with Pulumi");
  try {
    await progress.step(`Creating stack ${stack}`, () =>
      runCommand(pulumi.cli, ["stack", "init", stack, "--non-interactive"], { cwd: project, env }),
    );
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    if (/incorrect passphrase/.test(error.message))
      throw new UserError(wrongPassphraseMessage(stack, file, passphrase));
    // Only other backends than files get here with a stack that exists.
    if (!/already exists/.test(error.message)) throw error;
  }
}

/** The text with this salt as its last line; in a file that is one mapping in braces (JSON is YAML) as its last entry. */
export function withSalt(text: string, salt: string): string {
  const document = parseDocument(text);
  if (isMap(document.contents) && document.contents.flow) {
    document.set("encryptionsalt", salt);
    return document.toString();
  }
  const others = text.replace(/^encryptionsalt:.*\n?/m, "");
  return `${others}${others === "" || others.endsWith("\n") ? "" : "\n"}encryptionsalt: ${salt}\n`;
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
