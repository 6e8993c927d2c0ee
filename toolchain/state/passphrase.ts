import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, link, mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { UserError } from "../../configs/userError.ts";
import { privateDir } from "../project.ts";

/** Where the passphrase comes from, as environment variables for Pulumi. */
export interface Passphrase {
  readonly env: { readonly PULUMI_CONFIG_PASSPHRASE: string } | { readonly PULUMI_CONFIG_PASSPHRASE_FILE: string };
  /** For messages: names the source, never the passphrase. */
  readonly source: string;
}

const passphraseFile = (project: string): string => join(privateDir(project), "passphrase");

/**
 * The passphrase that encrypts the secrets in the stacks' state: PULUMI_CONFIG_PASSPHRASE, else the file that
 * PULUMI_CONFIG_PASSPHRASE_FILE names, else one of the project's own, made once (256 random bits, mode 0600).
 */
export async function findPassphrase(project: string, env: NodeJS.ProcessEnv): Promise<Passphrase> {
  // Pulumi takes a set but empty PULUMI_CONFIG_PASSPHRASE as the empty passphrase.
  if (env.PULUMI_CONFIG_PASSPHRASE !== undefined) {
    const value = env.PULUMI_CONFIG_PASSPHRASE;
    return { env: { PULUMI_CONFIG_PASSPHRASE: value }, source: "PULUMI_CONFIG_PASSPHRASE" };
  }
  if (env.PULUMI_CONFIG_PASSPHRASE_FILE) {
    const file = env.PULUMI_CONFIG_PASSPHRASE_FILE;
    if (!existsSync(file)) throw new UserError(`PULUMI_CONFIG_PASSPHRASE_FILE names ${file}, which does not exist.`);
    return {
      env: { PULUMI_CONFIG_PASSPHRASE_FILE: file },
      source: `${file} (PULUMI_CONFIG_PASSPHRASE_FILE)`,
    };
  }
  const file = passphraseFile(project);
  if (!existsSync(file)) await createPassphrase(file);
  return { env: { PULUMI_CONFIG_PASSPHRASE_FILE: file }, source: file };
}

/** Whole or not at all, and never over one that is there: another command may be faster. */
async function createPassphrase(file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await chmod(dirname(file), 0o700);
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, `${randomBytes(32).toString("base64url")}\n`, { mode: 0o600 });
  try {
    await link(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    await rm(draft);
  }
}

/** What to tell the user whose stack was encrypted with another passphrase. */
export function wrongPassphraseMessage(stack: string, file: string, { source }: Pick<Passphrase, "source">): string {
  return [
    `The passphrase does not fit stack "${stack}": its encryptionsalt in ${file} was made with another one than that of ${source}.`,
    "Bring the right one: set PULUMI_CONFIG_PASSPHRASE, or PULUMI_CONFIG_PASSPHRASE_FILE to a file that holds it; the checkout",
    "that created the stack keeps its own in .postgres-cluster/passphrase. Without it the stack's passwords cannot be read.",
  ].join("\n");
}
