import "reflect-metadata";
import { createPublicKey, type KeyObject, type webcrypto } from "node:crypto";
import type * as x509 from "@peculiar/x509";
import { keyAlgorithm } from "./keyAlgorithm.ts";

export * from "@peculiar/x509";

/** How WebCrypto is told to sign. */
export type SigningAlgorithm = webcrypto.Algorithm & { hash?: string };

/** WebCrypto's name of a key's algorithm, and how the key signs. */
function algorithms(key: KeyObject): {
  key: webcrypto.EcKeyImportParams | webcrypto.RsaHashedImportParams | webcrypto.Algorithm;
  signing: SigningAlgorithm;
} {
  const curves: Record<string, string> = { prime256v1: "P-256", secp384r1: "P-384", secp521r1: "P-521" };
  switch (keyAlgorithm(key)) {
    case "RSA": {
      const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
      return { key: algorithm, signing: algorithm };
    }
    case "ECDSA": {
      const namedCurve = curves[key.asymmetricKeyDetails?.namedCurve ?? ""];
      if (namedCurve === undefined) {
        throw new Error(
          `the registry-only plugins cannot sign with an ECDSA key on ${key.asymmetricKeyDetails?.namedCurve}: ` +
            "give the PrivateKey ecdsaCurve P256, P384, or P521",
        );
      }
      const hash = { "P-256": "SHA-256", "P-384": "SHA-384", "P-521": "SHA-512" }[namedCurve] as string;
      const algorithm = { name: "ECDSA", namedCurve };
      return { key: algorithm, signing: { name: "ECDSA", hash } };
    }
    case "ED25519":
      return { key: { name: "Ed25519" }, signing: { name: "Ed25519" } };
  }
}

/** A key pair as the library takes it. */
export async function importKeyPair(privateKey: KeyObject) {
  const { key, signing } = algorithms(privateKey);
  return {
    keys: {
      privateKey: privateKey.toCryptoKey(key, true, ["sign"]),
      publicKey: createPublicKey(privateKey).toCryptoKey(key, true, ["verify"]),
    },
    signingAlgorithm: signing,
  };
}

/** PEM with a newline at its end, as the official plugin gives it. */
export function toPem(data: x509.PemData<unknown>): string {
  return `${data.toString("pem").trimEnd()}\n`;
}
