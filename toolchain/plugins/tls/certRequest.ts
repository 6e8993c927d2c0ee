import { createHash } from "node:crypto";
import type { Resource } from "../framework/resource.ts";
import { string } from "../framework/resourceSchema.ts";
import { keyAlgorithm, parsePrivateKey } from "./keyAlgorithm.ts";
import { alternativeNames, distinguishedName, type Subject, subject } from "./subject.ts";

interface RequestInputs {
  privateKeyPem: string;
  subject: Subject | null;
  dnsNames: string[] | null;
  ipAddresses: string[] | null;
}

/** `tls:index/certRequest:CertRequest`: a certificate signing request (PKCS #10). */
export const certRequest: Resource = {
  schema: {
    token: "tls:index/certRequest:CertRequest",
    inputs: {
      privateKeyPem: string({ required: true, forceNew: true, secret: true }),
      subject: subject(),
      ...alternativeNames,
    },
    idInOutputs: true,
    coarseDiff: true,
    outputs: { certRequestPem: string(), keyAlgorithm: string() },
  },

  async create(wanted) {
    const inputs = wanted as unknown as RequestInputs;
    const { importKeyPair, Pkcs10CertificateRequestGenerator, toPem } = await import("./x509.ts");
    const { subjectAlternativeNames } = await import("./issueCertificate.ts");
    const key = parsePrivateKey(inputs.privateKeyPem, "privateKeyPem");
    const { keys, signingAlgorithm } = await importKeyPair(key);
    const name = distinguishedName(inputs.subject);
    const request = await Pkcs10CertificateRequestGenerator.create({
      name,
      keys,
      signingAlgorithm,
      extensions: subjectAlternativeNames(inputs.dnsNames ?? [], inputs.ipAddresses ?? [], name.length === 0),
    });
    const certRequestPem = toPem(request);
    return {
      id: createHash("sha1").update(certRequestPem).digest("hex"),
      outputs: { ...wanted, certRequestPem, keyAlgorithm: keyAlgorithm(key) },
    };
  },
};
