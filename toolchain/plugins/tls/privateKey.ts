import { createHash, generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import type { Resource } from "../framework/resource.ts";
import { integer, string } from "../framework/resourceSchema.ts";
import { keyAlgorithm } from "./keyAlgorithm.ts";

interface KeyInputs {
  algorithm: "RSA" | "ECDSA" | "ED25519";
  ecdsaCurve: keyof typeof curves;
  rsaBits: number;
}

/** OpenSSL's names of the curves. */
const curves = { P224: "secp224r1", P256: "prime256v1", P384: "secp384r1", P521: "secp521r1" };

/** `tls:index/privateKey:PrivateKey`. Of the official outputs, the OpenSSH forms and fingerprints are left out. */
export const privateKey: Resource = {
  schema: {
    token: "tls:index/privateKey:PrivateKey",
    inputs: {
      algorithm: string({ required: true, forceNew: true, allowed: ["RSA", "ECDSA", "ED25519"] }),
      ecdsaCurve: string({ default: "P224", forceNew: true, allowed: Object.keys(curves) }),
      rsaBits: integer({ default: 2048, forceNew: true }),
    },
    outputs: {
      privateKeyPem: string({ secret: true }),
      privateKeyPemPkcs8: string({ secret: true }),
      publicKeyPem: string(),
    },
    idInOutputs: true,
    coarseDiff: true,
    meta: { schema_version: "1" },
  },

  async create(wanted) {
    const { privateKey, publicKey } = await generate(wanted as unknown as KeyInputs);
    const id = createHash("sha1")
      .update(publicKey.export({ type: "spki", format: "der" }))
      .digest("hex");
    return {
      id,
      outputs: {
        ...wanted,
        privateKeyPem: traditionalPem(privateKey),
        privateKeyPemPkcs8: privateKey.export({ type: "pkcs8", format: "pem" }) as string,
        publicKeyPem: publicKey.export({ type: "spki", format: "pem" }) as string,
      },
    };
  },
};

function generate({
  algorithm,
  ecdsaCurve,
  rsaBits,
}: KeyInputs): Promise<{ privateKey: KeyObject; publicKey: KeyObject }> {
  const generateAsync = promisify(generateKeyPair);
  switch (algorithm) {
    case "RSA":
      return generateAsync("rsa", { modulusLength: rsaBits });
    case "ECDSA":
      return generateAsync("ec", { namedCurve: curves[ecdsaCurve] });
    case "ED25519":
      return generateAsync("ed25519", {});
  }
}

/** The key's own PEM form (PKCS #1, SEC 1), as the official plugin gives it; PKCS #8 where there is none. */
function traditionalPem(key: KeyObject): string {
  const type = ({ RSA: "pkcs1", ECDSA: "sec1", ED25519: "pkcs8" } as const)[keyAlgorithm(key)];
  return key.export({ type, format: "pem" }) as string;
}
