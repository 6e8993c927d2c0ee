import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import type { ClusterPlan, NodePlan } from "../configs/plan.ts";

const hoursPerDay = 24;
const authorityDays = 3650;
const nodeDays = 365;
const key = { algorithm: "ECDSA", ecdsaCurve: "P256" };

/** The cluster's own certificate authority: its nodes' certificates and nothing else are signed by it. */
export class CertificateAuthority extends pulumi.ComponentResource {
  readonly privateKey: pulumi.Output<string>;
  readonly certificate: pulumi.Output<string>;

  constructor(name: string, plan: ClusterPlan, options: pulumi.ComponentResourceOptions) {
    super("postgres-cluster:index:CertificateAuthority", name, {}, options);
    this.privateKey = new tls.PrivateKey(`${name}-key`, key, { parent: this }).privateKeyPem;
    this.certificate = new tls.SelfSignedCert(
      `${name}-certificate`,
      {
        privateKeyPem: this.privateKey,
        subject: { commonName: `postgres-cluster ${plan.stack} CA` },
        isCaCertificate: true,
        setSubjectKeyId: true,
        allowedUses: ["cert_signing", "crl_signing"],
        validityPeriodHours: authorityDays * hoursPerDay,
      },
      { parent: this },
    ).certPem;
    this.registerOutputs({ certificate: this.certificate });
  }
}

/**
 * A node's server certificate. Its names are those under which the node is reached: its name inside the cluster's network, its
 * container's name, and the published address from outside. Renewed by an `up` in the last third of its life.
 */
export class NodeCertificate extends pulumi.ComponentResource {
  readonly privateKey: pulumi.Output<string>;
  readonly certificate: pulumi.Output<string>;

  constructor(name: string, node: NodePlan, authority: CertificateAuthority, options: pulumi.ComponentResourceOptions) {
    super("postgres-cluster:index:NodeCertificate", name, {}, options);
    this.privateKey = new tls.PrivateKey(`${name}-key`, key, { parent: this }).privateKeyPem;
    const request = new tls.CertRequest(
      `${name}-request`,
      {
        privateKeyPem: this.privateKey,
        subject: { commonName: node.name },
        dnsNames: [node.name, node.container, "localhost"],
        ipAddresses: reachableAddresses(node.publishAddress),
      },
      { parent: this },
    );
    this.certificate = new tls.LocallySignedCert(
      `${name}-certificate`,
      {
        certRequestPem: request.certRequestPem,
        caPrivateKeyPem: authority.privateKey,
        caCertPem: authority.certificate,
        allowedUses: ["digital_signature", "key_agreement", "server_auth"],
        validityPeriodHours: nodeDays * hoursPerDay,
        earlyRenewalHours: (nodeDays / 3) * hoursPerDay,
      },
      { parent: this },
    ).certPem;
    this.registerOutputs({ certificate: this.certificate });
  }
}

/** A wildcard address is published on every interface, of which only loopback is known here; clients elsewhere connect by a name that they map. */
function reachableAddresses(publishAddress: string): string[] {
  const wildcard = publishAddress === "0.0.0.0" || publishAddress === "::";
  return [...new Set(wildcard ? ["127.0.0.1", "::1"] : ["127.0.0.1", publishAddress])];
}
