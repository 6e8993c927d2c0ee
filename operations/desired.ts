import type { ClusterPlan, NodePlan } from "../configs/plan.ts";
import { renderRuntime } from "../configs/render/runtime.ts";
import { sha256 } from "../configs/sha256.ts";
import { releaseOf } from "./files.ts";
import type { Material } from "./material.ts";
import { nodeFiles } from "./material.ts";
import type { ObservedNode } from "./observed.ts";

/** The plan together with what it means on each node: what is observed is compared with this. Pure, but holds secrets: never print it. */
export interface Desired {
  readonly plan: ClusterPlan;
  readonly passwords: Material["passwords"];
  /** PEM of the certificate authority that clients trust. */
  readonly caCertificate: string;
  /** All that are declared, by name. */
  readonly nodes: Readonly<Record<string, DesiredNode>>;
  /** Id of the image that every container is to run; unknown to who has no stack. */
  readonly imageId?: string;
}

export interface DesiredNode {
  readonly plan: NodePlan;
  /** Declared files by path, secret ones included. */
  readonly files: Readonly<Record<string, string>>;
  /** SHA-256 by path. */
  readonly fileHashes: Readonly<Record<string, string>>;
  /** Names exactly these files. */
  readonly release: string;
}

export function desiredState(plan: ClusterPlan, material: Material, imageId?: string): Desired {
  const nodes = plan.nodes.map((node): [string, DesiredNode] => {
    const files = nodeFiles(material, node.name);
    const fileHashes = Object.fromEntries(Object.entries(files).map(([path, text]) => [path, sha256(text)]));
    return [node.name, { plan: node, files, fileHashes, release: releaseOf(files) }];
  });
  return {
    plan,
    passwords: material.passwords,
    caCertificate: material.caCertificate,
    nodes: Object.fromEntries(nodes),
    ...(imageId === undefined ? {} : { imageId }),
  };
}

/**
 * The text of a node's runtime file. `synchronousStandbyNames` need not be the plan's: on a primary it is "" until the quorum is
 * switched on, and the former value until it is changed.
 */
export function runtimeText({ plan }: Desired, node: string, synchronousStandbyNames: string): string {
  return renderRuntime({ ...plan, synchronousStandbyNames }, node, { primary: plan.primary, synchronous: true });
}

/**
 * Has the running server read its configuration since it was last changed on the node? A change that was written and not loaded,
 * or tampered with and put back, is seen by this alone. The server's clock and the file system's are one.
 */
export function hasLoadedConfiguration(node: ObservedNode): boolean {
  return node.server !== undefined && node.server.configurationLoadedAt > (node.volumes?.configurationChangedAt ?? 0);
}
