import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterPlan } from "../configs/plan.ts";

/** Relative to the project, because it is kept in the state and must be the same in every checkout. */
const context = "image";

/**
 * The image that every node runs, built from `image/` and tagged with a hash of what it is built from. Each stack has a tag of its own: a
 * rebuild for another stack would otherwise move the tag, and a refresh would then ask to replace this stack's containers.
 */
export class NodeImage extends pulumi.ComponentResource {
  readonly imageId: pulumi.Output<string>;

  constructor(name: string, { stack, postgresVersion }: ClusterPlan, options: pulumi.ComponentResourceOptions) {
    super("postgres-cluster:index:NodeImage", name, {}, options);
    const image = new docker.RemoteImage(
      name,
      {
        name: `postgres-cluster/node:${postgresVersion}-${contextHash()}-${stack}`,
        build: { context, dockerfile: "Dockerfile", buildArgs: { POSTGRES_VERSION: String(postgresVersion) } },
        // A rebuild costs a minute.
        keepLocally: true,
      },
      { parent: this },
    );
    this.imageId = image.imageId;
    this.registerOutputs({ imageId: this.imageId });
  }
}

function contextHash(): string {
  const hash = createHash("sha256");
  for (const file of readdirSync(context).sort()) hash.update(`${file}\0`).update(readFileSync(join(context, file)));
  return hash.digest("hex").slice(0, 12);
}
