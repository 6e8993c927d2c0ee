import * as pulumi from "@pulumi/pulumi";
import type { ClusterPlan } from "../configs/plan.ts";
import type { Material } from "../operations/material.ts";
import type { VerificationSummary } from "../operations/verificationSummary.ts";
import { ClusterNetwork } from "./clusterNetwork.ts";
import { connectionString } from "./connectionString.ts";
import { Convergence } from "./convergence.ts";
import { Credentials } from "./credentials.ts";
import { NodeImage } from "./nodeImage.ts";
import { PostgresNode } from "./postgresNode.ts";

export interface PostgresClusterArgs {
  readonly plan: ClusterPlan;
  /** Where the CA's certificate is kept on this machine for clients; part of the connection strings. */
  readonly caFile: string;
}

/** A replicated PostgreSQL cluster on Docker that counts as created when replication has been proven. */
export class PostgresCluster extends pulumi.ComponentResource {
  readonly caCertificate: pulumi.Output<string>;
  readonly connectionString: pulumi.Output<string>;
  readonly readOnlyConnectionString: pulumi.Output<string>;
  readonly verification: pulumi.Output<VerificationSummary>;

  constructor(name: string, args: PostgresClusterArgs, options: pulumi.ComponentResourceOptions = {}) {
    super("postgres-cluster:index:PostgresCluster", name, {}, options);
    const { plan, caFile } = args;
    const network = new ClusterNetwork("network", plan, { parent: this });
    const image = new NodeImage("node-image", plan, { parent: this });
    const credentials = new Credentials("credentials", plan, { parent: this });
    const nodes = plan.nodes.map(
      (node) =>
        new PostgresNode(
          node.name,
          { plan, node, imageId: image.imageId, network: network.name, secretFiles: credentials.files[node.name]! },
          { parent: this },
        ),
    );
    const convergence = new Convergence(
      "convergence",
      {
        plan,
        material: material(plan, credentials, caFile),
        imageId: image.imageId,
        containers: Object.fromEntries(plan.nodes.map((node, index) => [node.name, nodes[index]!.containerId])),
      },
      { parent: this, dependsOn: nodes },
    );
    const password = credentials.passwords.owner;
    this.caCertificate = credentials.caCertificate;
    this.connectionString = pulumi.secret(password.apply((p) => connectionString(plan, p, caFile, "read-write")));
    this.readOnlyConnectionString = pulumi.secret(
      password.apply((p) => connectionString(plan, p, caFile, "prefer-standby")),
    );
    this.verification = convergence.verification;
    this.registerOutputs({});
  }
}

/** What the hook is given in secret. */
function material(plan: ClusterPlan, credentials: Credentials, caFile: string): pulumi.Output<Material> {
  const files = Object.fromEntries(plan.nodes.map((node) => [node.name, node.files]));
  return pulumi
    .all([credentials.passwords, credentials.caCertificate, pulumi.all(credentials.files)])
    .apply(
      ([passwords, caCertificate, secretFiles]): Material => ({ passwords, caCertificate, caFile, files, secretFiles }),
    );
}
