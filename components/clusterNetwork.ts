import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterPlan } from "../configs/plan.ts";
import { clusterLabels } from "./labels.ts";

/** The bridge network that the nodes of one cluster share; each is reachable in it under its node name. */
export class ClusterNetwork extends pulumi.ComponentResource {
  readonly name: pulumi.Output<string>;

  constructor(name: string, plan: ClusterPlan, options: pulumi.ComponentResourceOptions) {
    super("postgres-cluster:index:ClusterNetwork", name, {}, options);
    const network = new docker.Network(
      name,
      { name: plan.network, driver: "bridge", labels: clusterLabels(plan) },
      { parent: this },
    );
    this.name = network.name;
    this.registerOutputs({ name: this.name });
  }
}
