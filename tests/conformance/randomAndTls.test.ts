import "reflect-metadata";
import { createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";
import { once } from "node:events";
import { connect, createServer, type TLSSocket } from "node:tls";
import * as x509 from "@peculiar/x509";
import bcrypt from "bcryptjs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { stepOn, succeeded, ThrowAwayProject } from "./support/throwAwayProject.ts";

interface Outputs {
  plain: string;
  shaped: string;
  hash: string;
  authority: string;
  authorityKeyAlgorithm: string;
  validFrom: string;
  validTo: string;
  certificate: string;
  certificateReady: boolean;
  caKeyAlgorithm: string;
  selfSigned: string;
  keys: [string, string, string, string];
  publicKey: string;
}

let project: ThrowAwayProject;
let outputs: Outputs;

beforeAll(async () => {
  project = await ThrowAwayProject.create("randomAndTls.ts");
  succeeded(await project.up("base"));
  outputs = (await project.outputs()).outputs as Outputs;
});
afterAll(() => project?.[Symbol.asyncDispose]());

test("passwords have the wanted length and characters, and their hash fits", () => {
  expect(outputs.plain).toMatch(/^[A-Za-z0-9]{32}$/);
  expect(outputs.shaped).toMatch(/^[A-Za-z0-9_-]{24}$/);
  for (const [characters, least] of [
    [/[a-z]/g, 2],
    [/[A-Z]/g, 3],
    [/[0-9]/g, 4],
    [/[_-]/g, 5],
  ] as const) {
    expect(outputs.shaped.match(characters)?.length).toBeGreaterThanOrEqual(least);
  }
  expect(outputs.hash).toMatch(/^\$2[aby]\$10\$/);
  expect(bcrypt.compareSync(outputs.plain, outputs.hash)).toBe(true);
});

test("passwords and private keys are secret in the state, public things are not", async () => {
  const { text, resources } = await project.state();
  for (const secret of [outputs.plain, outputs.shaped, outputs.hash]) expect(text).not.toContain(secret);
  expect(text).not.toContain("PRIVATE KEY");
  const record = (wanted: string) => resources.find(({ name }) => name === wanted)?.outputs;
  expect(record("plain")).toMatchObject({ length: 32, special: false, upper: true, numeric: true, minLower: 0 });
  expect(record("authority")).toMatchObject({
    certPem: outputs.authority,
    privateKeyPem: { ciphertext: expect.anything() },
  });
  expect(record("certificate")).toMatchObject({ caPrivateKeyPem: { ciphertext: expect.anything() } });
});

test("keys have the forms of the official plugin", () => {
  const [authorityKey, nodeKey, nodeKeyPkcs8, edKey] = outputs.keys;
  expect(authorityKey).toMatch(/^-----BEGIN EC PRIVATE KEY-----\n/);
  expect(nodeKey).toMatch(/^-----BEGIN RSA PRIVATE KEY-----\n/);
  expect(nodeKeyPkcs8).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
  expect(edKey).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
  for (const pem of outputs.keys) expect(pem.endsWith("-----\n")).toBe(true);
  expect(createPrivateKey(nodeKey).equals(createPrivateKey(nodeKeyPkcs8))).toBe(true);
  expect(createPublicKey(nodeKey).equals(createPublicKey(outputs.publicKey))).toBe(true);
  expect(createPrivateKey(nodeKey).asymmetricKeyDetails?.modulusLength).toBe(2048);
  expect(createPrivateKey(authorityKey).asymmetricKeyDetails?.namedCurve).toBe("prime256v1");
  expect([outputs.authorityKeyAlgorithm, outputs.caKeyAlgorithm]).toEqual(["ECDSA", "ECDSA"]);
});

test("certificates say what they should", () => {
  const [authority, certificate, selfSigned] = [outputs.authority, outputs.certificate, outputs.selfSigned].map(
    (pem) => new x509.X509Certificate(pem),
  ) as [x509.X509Certificate, x509.X509Certificate, x509.X509Certificate];
  const constraints = (of: x509.X509Certificate) => of.getExtension(x509.BasicConstraintsExtension);
  expect(constraints(authority)).toMatchObject({ critical: true, ca: true });
  expect(constraints(certificate)).toMatchObject({ critical: true, ca: false });
  const flags = x509.KeyUsageFlags;
  expect(authority.getExtension(x509.KeyUsagesExtension)).toMatchObject({
    critical: true,
    usages: flags.digitalSignature | flags.keyCertSign | flags.cRLSign,
  });
  expect(certificate.getExtension(x509.KeyUsagesExtension)).toMatchObject({
    critical: true,
    usages: flags.digitalSignature | flags.keyEncipherment,
  });
  expect(certificate.getExtension(x509.ExtendedKeyUsageExtension)).toMatchObject({
    critical: false,
    usages: [x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth],
  });
  const own = (of: x509.X509Certificate) => of.getExtension(x509.SubjectKeyIdentifierExtension)?.keyId;
  const issuers = (of: x509.X509Certificate) => of.getExtension(x509.AuthorityKeyIdentifierExtension)?.keyId;
  expect(own(authority)).toMatch(/^[0-9a-f]{40}$/);
  expect(issuers(authority)).toBe(own(authority));
  expect(issuers(certificate)).toBe(own(authority));
  expect(own(certificate)).toMatch(/^[0-9a-f]{40}$/);
  expect(own(selfSigned)).toBeUndefined();
  expect(authority.subject).toBe("O=before, CN=conformance CA");
  expect(certificate.issuer).toBe(authority.subject);
});

test("validity is as wanted", () => {
  const hours = (Date.parse(outputs.validTo) - Date.parse(outputs.validFrom)) / 3_600_000;
  expect(hours).toBe(10 * 365 * 24);
  expect(Math.abs(Date.parse(outputs.validFrom) - Date.now())).toBeLessThan(10 * 60_000);
  const parsed = new X509Certificate(outputs.authority);
  expect(Math.abs(parsed.validToDate.getTime() - Date.parse(outputs.validTo))).toBeLessThan(1000);
  expect(outputs.certificateReady).toBe(false);
});

test("OpenSSL accepts the certificates of both sides, for each name and address, and no other", async () => {
  const identity = { ca: outputs.authority, cert: outputs.certificate, key: outputs.keys[1] };
  const server = createServer({ ...identity, requestCert: true, rejectUnauthorized: true }, (socket) =>
    socket.end("ok"),
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  const handshake = async (servername: string) => {
    const socket: TLSSocket = connect({ ...identity, host: "127.0.0.1", port, servername });
    await Promise.race([once(socket, "secureConnect"), once(socket, "error").then(([error]) => Promise.reject(error))]);
    socket.destroy();
  };
  try {
    await handshake("node");
    await handshake("localhost");
    await expect(handshake("elsewhere")).rejects.toThrow(/does not match certificate's altnames/);
  } finally {
    server.close();
  }
  const certificate = new X509Certificate(outputs.certificate);
  expect(certificate.checkIP("127.0.0.1")).toBe("127.0.0.1");
  expect(certificate.checkIP("::1")).toBe("::1");
  expect(certificate.checkIP("127.0.0.2")).toBeUndefined();
  expect(certificate.verify(new X509Certificate(outputs.authority).publicKey)).toBe(true);
});

test("an up without edits changes nothing, after a refresh as well", async () => {
  expect(succeeded(await project.refresh()).changes).toEqual({ same: 10 });
  expect(succeeded(await project.up("base")).changes).toEqual({ same: 10 });
});

test("every edit but one replaces", async () => {
  const run = succeeded(await project.preview("edited"));
  // `number` is the old name of `numeric`, which the official plugin keeps in step.
  const keys = (name: string) => (stepOn(run, name).keys ?? []).filter((key) => key !== "number").sort();
  const replaces = (name: string) => [stepOn(run, name).op, keys(name)];
  expect(replaces("plain")).toEqual(["replace", ["length"]]);
  expect(replaces("shaped")).toEqual([
    "replace",
    ["keepers", "minLower", "minNumeric", "minSpecial", "minUpper", "numeric", "overrideSpecial", "special", "upper"],
  ]);
  expect(replaces("authorityKey")).toEqual(["replace", ["ecdsaCurve"]]);
  expect(replaces("nodeKey")).toEqual(["replace", ["rsaBits"]]);
  expect(stepOn(run, "authority")).toMatchObject({ op: "replace", diffs: ["privateKeyPem", "subject"] });
  expect(stepOn(run, "request")).toMatchObject({ op: "replace", diffs: ["ipAddresses", "privateKeyPem"] });
  expect(stepOn(run, "certificate").diffs).toEqual(
    expect.arrayContaining(["caCertPem", "caPrivateKeyPem", "certRequestPem", "validityPeriodHours"]),
  );
  expect(stepOn(run, "selfSigned").op).toBe("same");
});

test("the renewal window changes in place; a certificate inside it is replaced", async () => {
  const later = succeeded(await project.up("later"));
  expect(stepOn(later, "authority")).toMatchObject({ op: "update", diffs: ["earlyRenewalHours"] });
  expect(later.changes).toEqual({ same: 9, update: 1 });
  const due = succeeded(await project.up("due"));
  expect(stepOn(due, "certificate")).toMatchObject({ op: "replace", keys: ["readyForRenewal"] });
  const { certificate } = (await project.outputs()).outputs as Outputs;
  expect(certificate).not.toBe(outputs.certificate);
});

test("a password is imported by its value", async () => {
  succeeded(await project.import("random:index/randomPassword:RandomPassword", "imported", "imported-password"));
  const { text, resources } = await project.state();
  expect(text).not.toContain("imported-password");
  const imported = resources.find(({ name }) => name === "imported");
  expect(imported).toMatchObject({ id: "none", outputs: { length: 17, special: true, result: expect.anything() } });
});

test("properties that are not supported are refused by name, by the registry-only plugins", async () => {
  const run = await project.preview("unsupported");
  if (project.home.registryOnly) {
    expect(run.code).not.toBe(0);
    expect(run.output).toMatch(/property "(number|uris)" is not supported by the registry-only plugins/);
  } else {
    succeeded(run);
  }
});
