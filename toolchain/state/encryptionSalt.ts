import { createCipheriv, createDecipheriv, pbkdf2, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import type { Passphrase } from "./passphrase.ts";

// Pulumi's form (pkg/secrets/passphrase of pulumi/pulumi 3.259): `v1:SALT:v1:NONCE:SEALED`, each in base64. SEALED is the word
// "pulumi" under AES-256-GCM with the tag behind it; the key comes from the passphrase by PBKDF2-HMAC-SHA256 with a million
// rounds: 0.3 s, so this is done only when a stack is created, and when something has failed.
const knownWord = "pulumi";
const tagLength = 16;

/** A new salt for a stack that has none: the same line that Pulumi would add, but without formatting the user's file anew. */
export async function createEncryptionSalt(passphrase: Passphrase): Promise<string> {
  const salt = randomBytes(8);
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", await deriveKey(passphrase, salt), nonce);
  const sealed = Buffer.concat([cipher.update(knownWord), cipher.final(), cipher.getAuthTag()]);
  return ["v1", salt.toString("base64"), "v1", nonce.toString("base64"), sealed.toString("base64")].join(":");
}

/** Whether the passphrase is the one that the salt was made with. A salt of another form is left to Pulumi's judgement: true. */
export async function passphraseFits(passphrase: Passphrase, encryptionSalt: string): Promise<boolean> {
  const [version, salt, cipherVersion, nonce, sealed] = encryptionSalt.split(":");
  if (version !== "v1" || cipherVersion !== "v1" || !salt || !nonce || !sealed) return true;
  const key = await deriveKey(passphrase, Buffer.from(salt, "base64"));
  const message = Buffer.from(sealed, "base64");
  const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64"));
  decipher.setAuthTag(message.subarray(-tagLength));
  try {
    const word = Buffer.concat([decipher.update(message.subarray(0, -tagLength)), decipher.final()]);
    return word.toString() === knownWord;
  } catch {
    return false; // the tag does not match: another key
  }
}

async function deriveKey({ env }: Passphrase, salt: Buffer): Promise<Buffer> {
  const phrase =
    "PULUMI_CONFIG_PASSPHRASE" in env
      ? env.PULUMI_CONFIG_PASSPHRASE
      : (await readFile(env.PULUMI_CONFIG_PASSPHRASE_FILE, "utf8")).trim();
  return promisify(pbkdf2)(phrase, salt, 1_000_000, 32, "sha256");
}
