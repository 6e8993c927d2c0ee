import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterPlan, NodePlan } from "../configs/plan.ts";
import { clusterLabels } from "./labels.ts";
import { RenderedConfig } from "./renderedConfig.ts";

const bytesPerMegabyte = 1024 * 1024;
/** A fast shutdown has to write out every dirty buffer; cut short, it is a crash. */
const stopSeconds = 120;

export interface PostgresNodeArgs {
  readonly plan: ClusterPlan;
  readonly node: NodePlan;
  readonly imageId: pulumi.Output<string>;
  readonly network: pulumi.Output<string>;
  readonly secretFiles: pulumi.Output<Record<string, string>>;
}

/** One PostgreSQL instance: its volumes, its container and its declared files. */
export class PostgresNode extends pulumi.ComponentResource {
  readonly containerId: pulumi.Output<string>;

  constructor(name: string, args: PostgresNodeArgs, options: pulumi.ComponentResourceOptions) {
    super("postgres-cluster:index:PostgresNode", name, {}, options);
    const { plan, node } = args;
    // The data outlives the stack: `destroy` forgets the volume, and a later `up` adopts it by its name.
    const data = this.volume(`${name}-data`, node.dataVolume, args, {
      retainOnDelete: true,
      // A volume that was there before may have other labels; they are no reason to replace anybody's data.
      ignoreChanges: ["labels", "driver"],
    });
    const config = this.volume(`${name}-config`, node.configVolume, args, {});
    const container = new docker.Container(
      name,
      {
        name: node.container,
        hostname: node.name,
        image: args.imageId,
        networksAdvanced: [{ name: args.network, aliases: [node.name] }],
        ports: [{ internal: 5432, external: node.port, ip: node.publishAddress, protocol: "tcp" }],
        volumes: [
          { volumeName: data.name, containerPath: "/var/lib/postgresql" },
          { volumeName: config.name, containerPath: "/etc/postgres-cluster" },
        ],
        ...resourceLimits(node),
        ...hardening,
        restart: "unless-stopped",
        stopSignal: "SIGINT",
        stopTimeout: stopSeconds,
        destroyGraceSeconds: stopSeconds,
        healthcheck: {
          tests: ["CMD", "pg_isready", "--quiet", "--host=/var/run/postgresql"],
          interval: "10s",
          timeout: "5s",
          retries: 3,
          startPeriod: "1m0s",
        },
        labels: clusterLabels(plan, node.name),
        logDriver: "json-file",
        logOpts: { "max-size": "20m", "max-file": "5" },
      },
      { parent: this, deleteBeforeReplace: true },
    );
    this.containerId = container.id;
    new RenderedConfig(
      `${name}-files`,
      { node, secretFiles: args.secretFiles },
      { parent: this, dependsOn: container },
    );
    this.registerOutputs({ containerId: this.containerId });
  }

  private volume(name: string, volume: string, args: PostgresNodeArgs, options: pulumi.CustomResourceOptions) {
    const labels = clusterLabels(args.plan, args.node.name);
    return new docker.Volume(name, { name: volume, labels }, { parent: this, ...options });
  }
}

function resourceLimits(node: NodePlan) {
  const megabytes = (bytes: number) => Math.ceil(bytes / bytesPerMegabyte);
  const { memory, shmSize, cpus } = node.resources;
  return {
    memory: megabytes(memory),
    // Equal to memory: no swap. Left out, the provider would see a difference at every refresh.
    memorySwap: megabytes(memory),
    shmSize: megabytes(shmSize),
    ...(cpus === undefined ? {} : { cpus: String(cpus) }),
  };
}

const hardening = {
  user: "postgres",
  readOnly: true,
  tmpfs: { "/tmp": "mode=1777", "/var/run/postgresql": "uid=999,gid=999,mode=0770" },
  capabilities: { drops: ["ALL"] },
  securityOpts: ["no-new-privileges:true"],
};
