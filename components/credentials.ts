import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { SubscriptionPlan } from "../configs/logicalPlan.ts";
import type { ClusterPlan } from "../configs/plan.ts";
import { type NodePasswords, renderPassfile } from "../configs/render/passfile.ts";
import { CertificateAuthority, NodeCertificate } from "./certificates.ts";

/** Passwords by the purpose of the role that they belong to. */
export interface Passwords {
  readonly replicator: string;
  readonly monitor: string;
  readonly rewind: string;
  readonly owner: string;
  /** By node: of the role with which that subscriber logs in on the publisher. Empty in modes without subscriptions. */
  readonly subscribers: Readonly<Record<string, string>>;
}

/** Everything secret that a cluster needs, and the certificate that its clients trust. */
export class Credentials extends pulumi.ComponentResource {
  readonly passwords: pulumi.Output<Passwords>;
  readonly caCertificate: pulumi.Output<string>;
  /** By node: what it alone may read, by path in its config directory. */
  readonly files: Readonly<Record<string, pulumi.Output<Record<string, string>>>>;

  constructor(name: string, plan: ClusterPlan, options: pulumi.ComponentResourceOptions) {
    super("postgres-cluster:index:Credentials", name, {}, options);
    const password = (role: string) =>
      // Letters and digits only: nothing to escape in a URI, a passfile or a shell; 32 of them are 190 bits.
      new random.RandomPassword(`${role}-password`, { length: 32, special: false }, { parent: this }).result;
    const subscriptions = plan.logical?.subscriptions ?? [];
    this.passwords = pulumi.output({
      replicator: password("replicator"),
      monitor: password("monitor"),
      rewind: password("rewind"),
      owner: password("owner"),
      subscribers: Object.fromEntries(subscriptions.map(({ node }) => [node, password(`${node}-subscriber`)])),
    });
    const authority = new CertificateAuthority("ca", plan, { parent: this });
    this.caCertificate = authority.certificate;
    this.files = Object.fromEntries(
      plan.nodes.map((node) => {
        const certificate = new NodeCertificate(`${node.name}-tls`, node, authority, { parent: this });
        const subscription = subscriptions.find((each) => each.node === node.name);
        return [node.name, this.nodeFiles(certificate, subscription)];
      }),
    );
    this.registerOutputs({ caCertificate: this.caCertificate });
  }

  private nodeFiles(
    { certificate, privateKey }: NodeCertificate,
    subscription: SubscriptionPlan | undefined,
  ): pulumi.Output<Record<string, string>> {
    return pulumi.all([this.passwords, this.caCertificate, certificate, privateKey]).apply(
      ([passwords, caCertificate, certificate, privateKey]): Record<string, string> => ({
        "tls/ca.crt": caCertificate,
        "tls/server.crt": certificate,
        "tls/server.key": privateKey,
        passfile: renderPassfile(nodePasswords(passwords, subscription)),
      }),
    );
  }
}

/** What a node may know: of the subscribers' passwords its own. */
function nodePasswords(passwords: Passwords, subscription: SubscriptionPlan | undefined): NodePasswords {
  const { replicator, rewind, subscribers } = passwords;
  if (subscription === undefined) return { replicator, rewind };
  const { node, role } = subscription;
  return { replicator, rewind, subscriber: { role, password: subscribers[node]! } };
}
