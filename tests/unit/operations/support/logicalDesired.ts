import { planCluster } from "../../../../configs/plan.ts";
import type { LogicalSpec } from "../../../../configs/spec.ts";
import { type Desired, desiredState } from "../../../../operations/desired.ts";
import { specOf } from "./desired.ts";

/** What differs between the logical clusters of the tests. The first node is the publisher. */
export interface LogicalDeclaration extends Pick<LogicalSpec, "publications"> {
  readonly nodes: readonly string[];
  /** Schema files: path → tables that it creates. */
  readonly schema: Readonly<Record<string, readonly string[]>>;
}

export function logicalDesiredOf({ nodes, schema, publications }: LogicalDeclaration): Desired {
  const schemaFiles = Object.entries(schema).map(([path, tables]) => ({
    path,
    text: tables.map((table) => `create table ${table}\n`).join(""),
  }));
  const spec = specOf({ nodes });
  const { synchronous: _, ...common } = spec;
  const plan = planCluster({ ...common, mode: "logical", logical: { schemaFiles, publications, initialCopy: "copy" } });
  return desiredState(plan, {
    passwords: {
      replicator: "secret-replicator",
      monitor: "secret-monitor",
      rewind: "secret-rewind",
      owner: "secret-owner",
      subscribers: Object.fromEntries(nodes.slice(1).map((name) => [name, `secret-${name}`])),
    },
    files: Object.fromEntries(plan.nodes.map(({ name, files }) => [name, files])),
    secretFiles: Object.fromEntries(plan.nodes.map(({ name }) => [name, { passfile: "*:*:*:*:secret" }])),
    caCertificate: "certificate of the authority",
    caFile: "/tmp/ca.crt",
  });
}
