import type { Resource } from "../framework/resource.ts";
import { boolean, string } from "../framework/resourceSchema.ts";
import {
  certificateInputs,
  certificateOutputs,
  readCertificate,
  renewalChanges,
  updateCertificate,
} from "./certificateSchema.ts";
import type { CertificateRules } from "./issueCertificate.ts";
import { keyAlgorithm, parsePrivateKey } from "./keyAlgorithm.ts";
import { alternativeNames, distinguishedName, type Subject, subject } from "./subject.ts";

interface SelfSignedInputs extends CertificateRules {
  privateKeyPem: string;
  subject: Subject | null;
  dnsNames: string[] | null;
  ipAddresses: string[] | null;
  setAuthorityKeyId: boolean;
}

/** `tls:index/selfSignedCert:SelfSignedCert`, here for certificate authorities. */
export const selfSignedCert: Resource = {
  schema: {
    token: "tls:index/selfSignedCert:SelfSignedCert",
    inputs: {
      privateKeyPem: string({ required: true, forceNew: true, secret: true }),
      subject: subject(),
      ...alternativeNames,
      ...certificateInputs,
      setAuthorityKeyId: boolean({ default: false, forceNew: true }),
    },
    idInOutputs: true,
    coarseDiff: true,
    outputs: { ...certificateOutputs, keyAlgorithm: string() },
  },

  async create(wanted) {
    const inputs = wanted as unknown as SelfSignedInputs;
    const { importKeyPair } = await import("./x509.ts");
    const { issueCertificate, subjectAlternativeNames } = await import("./issueCertificate.ts");
    const key = parsePrivateKey(inputs.privateKeyPem, "privateKeyPem");
    const { keys, signingAlgorithm } = await importKeyPair(key);
    const name = distinguishedName(inputs.subject);
    if (inputs.isCaCertificate && name.length === 0) throw new Error("subject must not be empty in a CA certificate");
    const { id, ...certificate } = await issueCertificate(
      {
        subject: name,
        publicKey: keys.publicKey,
        subjectAlternativeNames: subjectAlternativeNames(
          inputs.dnsNames ?? [],
          inputs.ipAddresses ?? [],
          name.length === 0,
        ),
      },
      inputs,
      { privateKey: keys.privateKey, signingAlgorithm, setAuthorityKeyId: inputs.setAuthorityKeyId },
    );
    return { id, outputs: { ...wanted, ...certificate, keyAlgorithm: keyAlgorithm(key) } };
  },

  read: readCertificate,
  update: updateCertificate,
  extraChanges: renewalChanges,
};
