import type { Resource } from "../framework/resource.ts";
import { string } from "../framework/resourceSchema.ts";
import {
  certificateInputs,
  certificateOutputs,
  readCertificate,
  renewalChanges,
  updateCertificate,
} from "./certificateSchema.ts";
import type { CertificateRules } from "./issueCertificate.ts";
import { keyAlgorithm, parsePrivateKey } from "./keyAlgorithm.ts";

interface LocallySignedInputs extends CertificateRules {
  certRequestPem: string;
  caCertPem: string;
  caPrivateKeyPem: string;
}

/** The extension's object identifier (RFC 5280, 4.2.1.6). */
const subjectAlternativeName = "2.5.29.17";

/** `tls:index/locallySignedCert:LocallySignedCert`: a certificate for a request, signed by a CA's key. */
export const locallySignedCert: Resource = {
  schema: {
    token: "tls:index/locallySignedCert:LocallySignedCert",
    inputs: {
      certRequestPem: string({ required: true, forceNew: true }),
      caCertPem: string({ required: true, forceNew: true }),
      caPrivateKeyPem: string({ required: true, forceNew: true, secret: true }),
      ...certificateInputs,
    },
    idInOutputs: true,
    coarseDiff: true,
    outputs: { ...certificateOutputs, caKeyAlgorithm: string() },
  },

  async create(wanted) {
    const inputs = wanted as unknown as LocallySignedInputs;
    const x509 = await import("./x509.ts");
    const { issueCertificate } = await import("./issueCertificate.ts");
    const request = new x509.Pkcs10CertificateRequest(inputs.certRequestPem);
    if (!(await request.verify())) throw new Error("certRequestPem is not signed by the key that it names");
    const authorityKey = parsePrivateKey(inputs.caPrivateKeyPem, "caPrivateKeyPem");
    const authority = await x509.importKeyPair(authorityKey);
    const names = request.getExtension(subjectAlternativeName);
    const { id, ...certificate } = await issueCertificate(
      {
        subject: request.subjectName,
        publicKey: await request.publicKey.export(),
        subjectAlternativeNames: names === null ? [] : [names],
      },
      inputs,
      {
        privateKey: authority.keys.privateKey,
        signingAlgorithm: authority.signingAlgorithm,
        certificate: new x509.X509Certificate(inputs.caCertPem),
      },
    );
    return { id, outputs: { ...wanted, ...certificate, caKeyAlgorithm: keyAlgorithm(authorityKey) } };
  },

  read: readCertificate,
  update: updateCertificate,
  extraChanges: renewalChanges,
};
