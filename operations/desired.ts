import type { ClusterPlan, NodePlan } from "../configs/plan.ts";
import { sha256 } from "../configs/planText.ts";
import { renderRuntime } from "../configs/render/runtime.ts";
import { releaseOf } from "./files.ts";
import type { Material } from "./material.ts";
import { nodeFiles } from "./material.ts";

/** The plan together with what it means on each node: what is observed is compared with this. Pure, but holds secrets: never print it. */
export interface Desired {
  readonly plan: ClusterPlan;
  readonly passwords: Material["passwords"];
  /** PEM of the certificate authority that clients trust. */
  readonly caCertificate: string;
  readonly nodes: Readonly<Record<string, DesiredNode>>;
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

export function desiredState(plan: ClusterPlan, material: Material): Desired {
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
  };
}

/**
 * The text of a node's runtime file. `synchronousStandbyNames` is the plan's value or "" while the quorum is not yet on. The release
 * is part of it so that a running server tells which declared files it has loaded.
 */
export function runtimeText(desired: Desired, node: string, synchronousStandbyNames: string): string {
  const { plan, nodes } = desired;
  const synchronous = synchronousStandbyNames !== "";
  const text = renderRuntime(plan, node, { primary: plan.primary, synchronous });
  return `${text}postgres_cluster.release = '${nodes[node]!.release}'\n`;
}

/** Is this the text of some runtime file in which the quorum is on? */
export function hasSynchronousStandbys(runtime: string | undefined): boolean {
  return (
    runtime !== undefined &&
    !/^synchronous_standby_names = ''$/m.test(runtime) &&
    /^synchronous_standby_names = /m.test(runtime)
  );
}
