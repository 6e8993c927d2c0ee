import { planCluster } from "../../../../configs/plan.ts";
import type { ClusterSpec, LogicalSpec } from "../../../../configs/spec.ts";
import { type Desired, desiredState } from "../../../../operations/desired.ts";
import { logicalSpec } from "./logicalSpec.ts";

/** What differs between the clusters of the tests; everything else is the same in all of them. */
export interface ClusterDeclaration {
  readonly mode?: ClusterSpec["mode"];
  readonly nodes?: readonly string[];
  readonly primary?: string;
  readonly method?: "any" | "first";
  readonly number?: number;
  /** postgresql.conf of every node. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** In mode logical: what is published, if not what `logicalSpec` has. */
  readonly logical?: LogicalSpec;
  /** Another word stands for another set of generated passwords. */
  readonly passwords?: string;
  /** Node by node: the PEM text of its server certificate. */
  readonly certificate?: string;
}

/** The desired state of a declared cluster: by default a quorum of pg-1 (primary), pg-2 and pg-3. */
export function desiredOf(declaration: ClusterDeclaration = {}): Desired {
  const { passwords = "secret", certificate = "certificate" } = declaration;
  const plan = planCluster(specOf(declaration));
  return desiredState(plan, {
    passwords: {
      replicator: `${passwords}-replicator`,
      monitor: `${passwords}-monitor`,
      rewind: `${passwords}-rewind`,
      owner: `${passwords}-owner`,
      subscribers: Object.fromEntries(
        (plan.logical?.subscriptions ?? []).map(({ node }) => [node, `${passwords}-${node}`]),
      ),
    },
    files: Object.fromEntries(plan.nodes.map(({ name, files }) => [name, files])),
    secretFiles: Object.fromEntries(
      plan.nodes.map(({ name }) => [name, { passfile: `*:*:*:*:${passwords}`, "tls/server.crt": certificate }]),
    ),
    caCertificate: "certificate of the authority",
    caFile: "/tmp/ca.crt",
  });
}

function specOf(declaration: ClusterDeclaration): ClusterSpec {
  const { mode = "quorum", nodes = ["pg-1", "pg-2", "pg-3"], method = "any", number = 1 } = declaration;
  return {
    stack: "test",
    mode,
    failover: "manual",
    nodes: nodes.map((name, index) => ({
      name,
      port: 5432 + index,
      parameters: declaration.parameters ?? {},
      resources: { memory: 1 << 30, shmSize: 1 << 28 },
    })),
    primary: declaration.primary ?? nodes[0]!,
    ...(mode === "quorum" && { synchronous: { method, number, dataDurability: "required" as const } }),
    ...(mode === "logical" && {
      logical: declaration.logical ?? logicalSpec(nodes.filter((name) => name !== (declaration.primary ?? nodes[0]))),
    }),
    database: "app",
    publishAddress: "127.0.0.1",
    postgresVersion: 17,
  };
}
