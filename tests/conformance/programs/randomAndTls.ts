import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import * as tls from "@pulumi/tls";

const step = process.env.CONFORMANCE_STEP as string;
/** The value for the first step, or the one after an edit. */
const edit = <Value>(before: Value, after: Value): Value => (step === "edited" ? after : before);

function passwords() {
  const plain = new random.RandomPassword("plain", { length: edit(32, 33), special: false });
  const shaped = new random.RandomPassword("shaped", {
    length: 24,
    lower: edit(true, false),
    upper: edit(true, false),
    numeric: edit(true, false),
    special: edit(true, false),
    minLower: edit(2, 0),
    minUpper: edit(3, 0),
    minNumeric: edit(4, 0),
    minSpecial: edit(5, 0),
    overrideSpecial: edit("_-", "_"),
    keepers: { generation: edit("1", "2") },
    ...(step === "edited" && { lower: true }),
  });
  return { plain: plain.result, shaped: shaped.result, hash: plain.bcryptHash };
}

function certificates() {
  const key = new tls.PrivateKey("authorityKey", { algorithm: "ECDSA", ecdsaCurve: edit("P256", "P384") });
  const authority = new tls.SelfSignedCert("authority", {
    privateKeyPem: key.privateKeyPem,
    subject: { commonName: "conformance CA", organization: edit("before", "after") },
    allowedUses: ["cert_signing", "crl_signing", "digital_signature"],
    validityPeriodHours: 10 * 365 * 24,
    earlyRenewalHours: step === "later" ? 48 : 24,
    isCaCertificate: true,
    setSubjectKeyId: true,
    setAuthorityKeyId: true,
  });
  const nodeKey = new tls.PrivateKey("nodeKey", { algorithm: "RSA", rsaBits: edit(2048, 3072) });
  const request = new tls.CertRequest("request", {
    privateKeyPem: nodeKey.privateKeyPem,
    subject: { commonName: "node" },
    dnsNames: ["node", "localhost"],
    ipAddresses: edit(["127.0.0.1", "::1"], ["127.0.0.1"]),
  });
  const certificate = new tls.LocallySignedCert("certificate", {
    certRequestPem: request.certRequestPem,
    caCertPem: authority.certPem,
    caPrivateKeyPem: key.privateKeyPem,
    validityPeriodHours: edit(1000, 1001),
    earlyRenewalHours: step === "due" ? 1001 : 10,
    allowedUses: ["digital_signature", "key_encipherment", "server_auth", "client_auth"],
    setSubjectKeyId: true,
  });
  const edKey = new tls.PrivateKey("edKey", { algorithm: "ED25519" });
  const selfSigned = new tls.SelfSignedCert("selfSigned", {
    privateKeyPem: edKey.privateKeyPem,
    subject: { commonName: "alone" },
    dnsNames: ["alone"],
    ipAddresses: ["10.0.0.1"],
    allowedUses: ["digital_signature", "server_auth"],
    validityPeriodHours: 24,
  });
  return {
    authority: authority.certPem,
    authorityKeyAlgorithm: authority.keyAlgorithm,
    validFrom: authority.validityStartTime,
    validTo: authority.validityEndTime,
    certificate: certificate.certPem,
    certificateReady: certificate.readyForRenewal,
    caKeyAlgorithm: certificate.caKeyAlgorithm,
    selfSigned: selfSigned.certPem,
    keys: pulumi.secret([key.privateKeyPem, nodeKey.privateKeyPem, nodeKey.privateKeyPemPkcs8, edKey.privateKeyPem]),
    publicKey: nodeKey.publicKeyPem,
  };
}

function unsupported() {
  const privateKeyPem = new tls.PrivateKey("key", { algorithm: "ED25519" }).privateKeyPem;
  const common = { privateKeyPem, subject: { commonName: "x" }, uris: ["spiffe://x"] };
  new random.RandomPassword("password", { length: 8, number: true });
  new tls.CertRequest("request", common);
  new tls.SelfSignedCert("selfSigned", { ...common, allowedUses: ["digital_signature"], validityPeriodHours: 1 });
}

export const outputs =
  step === "unsupported" ? unsupported() : step === "empty" ? {} : { ...passwords(), ...certificates() };
