import { randomBytes, type webcrypto } from "node:crypto";
import type { SigningAlgorithm } from "./x509.ts";
import * as x509 from "./x509.ts";

/** RFC 5280's key usages (4.2.1.3) and extended key usages (4.2.1.12), in the words of the official plugin. */
const keyUsages: Record<string, x509.KeyUsageFlags> = {
  digital_signature: x509.KeyUsageFlags.digitalSignature,
  content_commitment: x509.KeyUsageFlags.nonRepudiation,
  key_encipherment: x509.KeyUsageFlags.keyEncipherment,
  data_encipherment: x509.KeyUsageFlags.dataEncipherment,
  key_agreement: x509.KeyUsageFlags.keyAgreement,
  cert_signing: x509.KeyUsageFlags.keyCertSign,
  crl_signing: x509.KeyUsageFlags.cRLSign,
};
const extendedKeyUsages: Record<string, string> = {
  server_auth: x509.ExtendedKeyUsage.serverAuth,
  client_auth: x509.ExtendedKeyUsage.clientAuth,
};

/** What a certificate says of its subject. */
export interface CertificateRequest {
  subject: x509.Name | x509.JsonName;
  publicKey: webcrypto.CryptoKey;
  subjectAlternativeNames: x509.Extension[];
}

/** The rules of a certificate, as both certificate resources take them. */
export interface CertificateRules {
  allowedUses: string[];
  validityPeriodHours: number;
  isCaCertificate: boolean;
  setSubjectKeyId: boolean;
}

/** Who signs; without a certificate, the subject itself. */
export interface Issuer {
  privateKey: webcrypto.CryptoKey;
  signingAlgorithm: SigningAlgorithm;
  certificate?: x509.X509Certificate;
  /** Of a self-signed certificate: name the key that it was signed with. */
  setAuthorityKeyId?: boolean;
}

/**
 * Issues a certificate that OpenSSL 3 and libpq's `verify-full` accept: basic constraints and key usage are critical,
 * the key identifiers of subject and issuer are the SHA-1 of the key (RFC 5280, 4.2.1.2), the serial number has 127
 * random bits.
 */
export async function issueCertificate(request: CertificateRequest, rules: CertificateRules, issuer: Issuer) {
  const notBefore = new Date();
  const notAfter = new Date(notBefore.getTime() + rules.validityPeriodHours * 3_600_000);
  const serialNumber = randomBytes(16);
  serialNumber[0] = ((serialNumber[0] as number) & 0x7f) | 0x40;

  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber.toString("hex"),
    subject: request.subject,
    issuer: issuer.certificate?.subjectName ?? request.subject,
    notBefore,
    notAfter,
    publicKey: request.publicKey,
    signingKey: issuer.privateKey,
    signingAlgorithm: issuer.signingAlgorithm,
    extensions: [
      ...usages(rules.allowedUses),
      new x509.BasicConstraintsExtension(rules.isCaCertificate, undefined, true),
      ...(await keyIdentifiers(request, rules, issuer)),
      ...request.subjectAlternativeNames,
    ],
  });
  return {
    id: BigInt(`0x${serialNumber.toString("hex")}`).toString(),
    certPem: x509.toPem(certificate),
    readyForRenewal: false,
    validityStartTime: notBefore.toISOString(),
    validityEndTime: notAfter.toISOString(),
  };
}

/** Names and addresses as one extension, critical where the subject is empty (RFC 5280, 4.2.1.6). */
export function subjectAlternativeNames(
  dnsNames: string[],
  ipAddresses: string[],
  critical: boolean,
): x509.Extension[] {
  const names: x509.JsonGeneralNames = [
    ...dnsNames.map((value) => ({ type: "dns" as const, value })),
    ...ipAddresses.map((value) => ({ type: "ip" as const, value })),
  ];
  return names.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension(names, critical)];
}

function usages(allowedUses: string[]): x509.Extension[] {
  const flags = allowedUses.reduce((sum, use) => sum | (keyUsages[use] ?? 0), 0);
  const extended = allowedUses.flatMap((use) => extendedKeyUsages[use] ?? []);
  return [
    ...(flags === 0 ? [] : [new x509.KeyUsagesExtension(flags, true)]),
    ...(extended.length === 0 ? [] : [new x509.ExtendedKeyUsageExtension(extended, false)]),
  ];
}

async function keyIdentifiers(request: CertificateRequest, rules: CertificateRules, issuer: Issuer) {
  const own = await x509.SubjectKeyIdentifierExtension.create(request.publicKey);
  const hasOwn = rules.isCaCertificate || rules.setSubjectKeyId;
  const issuers = issuer.certificate
    ? issuer.certificate.getExtension(x509.SubjectKeyIdentifierExtension)?.keyId
    : issuer.setAuthorityKeyId && hasOwn
      ? own.keyId
      : undefined;
  if (issuer.setAuthorityKeyId && issuers === undefined) {
    throw new Error("setAuthorityKeyId needs setSubjectKeyId: a self-signed certificate is its own authority");
  }
  return [
    ...(hasOwn ? [own] : []),
    ...(issuers === undefined ? [] : [new x509.AuthorityKeyIdentifierExtension(issuers)]),
  ];
}
