import { createDecipheriv, pbkdf2, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { UserError } from "../../configs/userError.ts";
import { privateDir } from "../project.ts";
import type { StackConfig } from "./stackConfig.ts";

/** Where the passphrase comes from, as environment variables for Pulumi. */
export interface Passphrase {
  readonly env: { readonly PULUMI_CONFIG_PASSPHRASE: string } | { readonly PULUMI_CONFIG_PASSPHRASE_FILE: string };
  /** For messages: names the source, never the passphrase. */
  readonly source: string;
  /** True if it was made just now, so that nothing can have been encrypted with it. */
  readonly isNew: boolean;
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
    return { env: { PULUMI_CONFIG_PASSPHRASE: value }, source: "PULUMI_CONFIG_PASSPHRASE", isNew: false };
  }
  if (env.PULUMI_CONFIG_PASSPHRASE_FILE) {
    const file = env.PULUMI_CONFIG_PASSPHRASE_FILE;
    if (!existsSync(file)) throw new UserError(`PULUMI_CONFIG_PASSPHRASE_FILE names ${file}, which does not exist.`);
    return {
      env: { PULUMI_CONFIG_PASSPHRASE_FILE: file },
      source: `${file} (PULUMI_CONFIG_PASSPHRASE_FILE)`,
      isNew: false,
    };
  }
  const file = passphraseFile(project);
  const isNew = !existsSync(file) && (await createPassphrase(file));
  return { env: { PULUMI_CONFIG_PASSPHRASE_FILE: file }, source: file, isNew };
}

/** Whole or not at all, and never over one that is there; false if another command was faster. */
async function createPassphrase(file: string): Promise<boolean> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await chmod(dirname(file), 0o700);
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, `${randomBytes(32).toString("base64url")}\n`, { mode: 0o600 });
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return false;
  } finally {
    await rm(draft);
  }
}

/** What to tell the user whose stack was encrypted with another passphrase. */
export function wrongPassphraseMessage(
  stack: string,
  config: Pick<StackConfig, "file">,
  passphrase: Pick<Passphrase, "source">,
): string {
  return [
    `The passphrase does not fit stack "${stack}": its encryptionsalt in ${config.file} was made with another one than that of ${passphrase.source}.`,
    "Bring the right one: set PULUMI_CONFIG_PASSPHRASE, or PULUMI_CONFIG_PASSPHRASE_FILE to a file that holds it; the checkout",
    "that created the stack keeps its own in .postgres-cluster/passphrase. Without it the stack's passwords cannot be read.",
  ].join("\n");
}

/**
 * Whether the passphrase is the one that the salt was made with, by Pulumi's own test: the salt carries an encrypted known
 * word (AES-256-GCM, key by PBKDF2-HMAC-SHA256 with a million rounds). About 0.3 s, so it is asked only once something failed.
 */
export async function passphraseFits(passphrase: Passphrase, encryptionSalt: string): Promise<boolean> {
  const [version, salt, cipherVersion, nonce, sealed] = encryptionSalt.split(":");
  if (version !== "v1" || cipherVersion !== "v1" || !salt || !nonce || !sealed) return true; // not a form that we can judge
  const phrase =
    "PULUMI_CONFIG_PASSPHRASE" in passphrase.env
      ? passphrase.env.PULUMI_CONFIG_PASSPHRASE
      : (await readFile(passphrase.env.PULUMI_CONFIG_PASSPHRASE_FILE, "utf8")).trim();
  const key = await promisify(pbkdf2)(phrase, Buffer.from(salt, "base64"), 1_000_000, 32, "sha256");
  const message = Buffer.from(sealed, "base64");
  const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64"));
  decipher.setAuthTag(message.subarray(-16));
  try {
    return Buffer.concat([decipher.update(message.subarray(0, -16)), decipher.final()]).toString() === "pulumi";
  } catch {
    return false; // the authentication tag does not match: another key
  }
}
