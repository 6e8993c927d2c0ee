import { decrypted, type ExportedStack } from "./exportedStack.ts";

export interface Secret {
  readonly name: string;
  /** Texts that give it away, in each form in which it could stand somewhere. */
  readonly needles: readonly string[];
}

/** Every password and private key that the stack has generated, from an export with `--show-secrets`. */
export function generatedSecrets({ deployment }: ExportedStack): Secret[] {
  return (deployment.resources ?? []).flatMap(({ urn, type, outputs }) => {
    const name = urn.split("::").at(-1)!;
    const field = {
      "random:index/randomPassword:RandomPassword": "result",
      "tls:index/privateKey:PrivateKey": "privateKeyPem",
    }[type];
    if (field === undefined) return [];
    const value = decrypted(outputs![field]) as string;
    return [{ name, needles: encodings(value.startsWith("-----BEGIN") ? keyBytes(value) : value) }];
  });
}

/** Names of the secrets that a text gives away. */
export function leakedIn(text: string, secrets: readonly Secret[]): string[] {
  return secrets.filter(({ needles }) => needles.some((needle) => text.includes(needle))).map(({ name }) => name);
}

/** The part of a PEM file that holds the key's own bytes, short enough not to be broken by a line's end. */
function keyBytes(pem: string): string {
  return pem.split("\n")[1]!.slice(12, 52);
}

function encodings(value: string): string[] {
  return [...new Set([value, encodeURIComponent(value), ...base64Cores(value)])];
}

/** What is the same in the base64 of every text that contains the value: it depends on where in a group of three bytes it begins. */
function base64Cores(value: string): string[] {
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.from(" ".repeat(offset) + value)
      .toString("base64")
      .replace(/=+$/, "");
    return encoded.slice(offset === 0 ? 0 : 4, -2);
  });
}
