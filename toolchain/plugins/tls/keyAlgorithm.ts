import { createPrivateKey, type KeyObject } from "node:crypto";

export type KeyAlgorithm = "RSA" | "ECDSA" | "ED25519";

const algorithms: Record<string, KeyAlgorithm> = { rsa: "RSA", ec: "ECDSA", ed25519: "ED25519" };

/** The algorithm in the words of the official plugin. */
export function keyAlgorithm(key: KeyObject): KeyAlgorithm {
  const algorithm = algorithms[key.asymmetricKeyType ?? ""];
  if (algorithm === undefined)
    throw new Error(`a key of type ${key.asymmetricKeyType} is not supported; allowed are RSA, ECDSA, ED25519`);
  return algorithm;
}

/** Reads a private key in any PEM form; `property` is named when it is none. */
export function parsePrivateKey(pem: string, property: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (error) {
    throw new Error(`${property} holds no private key in PEM form: ${(error as Error).message}`);
  }
}
