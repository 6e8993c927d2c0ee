import { type LogicalPlan, planLogical } from "./logicalPlan.ts";
import { modes } from "./modes/modes.ts";
import { defaultsOf } from "./render/parameterLayers.ts";
import { renderPgHbaConf } from "./render/pgHbaConf.ts";
import { renderPgIdentConf } from "./render/pgIdentConf.ts";
import { renderPostgresqlConf } from "./render/postgresqlConf.ts";
import { slotName } from "./slotName.ts";
import type { ClusterSpec, Failover, Mode, NodeSpec, ResourcesSpec, SynchronousSpec } from "./spec.ts";

/**
 * Everything that is derived from a ClusterSpec: names, roles, slots, files. Pure data without secrets; it is what the
 * post-deploy hook converges to, and (as text) what a preview shows as the hook's `environment`.
 */
export interface ClusterPlan {
  readonly stack: string;
  readonly mode: Mode;
  readonly failover: Failover;
  readonly postgresVersion: number;
  /** `<stack>`: the Docker network of the nodes, on which each answers to its own name. */
  readonly network: string;
  readonly database: string;
  /** The role that owns `database` and that applications log in with. Equal to `database`. */
  readonly owner: string;
  readonly primary: string;
  readonly synchronous?: SynchronousSpec;
  /** Value of synchronous_standby_names once the quorum is on; "" in async mode. Names every node: a node is never its own standby. */
  readonly synchronousStandbyNames: string;
  /** Set in logical mode only. */
  readonly logical?: LogicalPlan;
  readonly nodes: readonly NodePlan[];
}

/** The primary's and the others' role, by mode. */
export type NodeRole = "primary" | "standby" | "publisher" | "subscriber";

export interface NodePlan {
  readonly name: string;
  readonly role: NodeRole;
  /** `<stack>-<name>`. */
  readonly container: string;
  /** `<stack>-<name>-data`, mounted at /var/lib/postgresql. */
  readonly dataVolume: string;
  /** `<stack>-<name>-config`, mounted at /etc/postgres-cluster. */
  readonly configVolume: string;
  /** Published host address and port. */
  readonly publishAddress: string;
  readonly port: number;
  /** Replication slot that this node uses on whichever node is primary, or on the publisher: the name with `-` as `_`. */
  readonly slot: string;
  /** application_name and cluster_name: the node's name. */
  readonly applicationName: string;
  readonly resources: ResourcesSpec;
  /** Declared files by name (`postgresql.conf`, `pg_hba.conf`, `pg_ident.conf`): byte-exact text. */
  readonly files: Readonly<Record<string, string>>;
}

/** Derives everything from a valid spec. Pure: the same spec gives the same plan, byte for byte. */
export function planCluster(spec: ClusterSpec): ClusterPlan {
  const { stack, mode, failover, postgresVersion, database, primary, synchronous } = spec;
  return {
    stack,
    mode,
    failover,
    postgresVersion,
    network: stack,
    database,
    owner: database,
    primary,
    ...(synchronous && { synchronous }),
    synchronousStandbyNames: modes[mode].synchronousStandbyNames(spec),
    ...(spec.logical && { logical: planLogical(spec, spec.logical) }),
    nodes: spec.nodes.map((node) => planNode(spec, node)),
  };
}

function planNode(spec: ClusterSpec, { name, port, parameters, resources }: NodeSpec): NodePlan {
  const rules = modes[spec.mode];
  const container = `${spec.stack}-${name}`;
  return {
    name,
    role: name === spec.primary ? rules.nodeRoles.primary : rules.nodeRoles.other,
    container,
    dataVolume: `${container}-data`,
    configVolume: `${container}-config`,
    publishAddress: spec.publishAddress,
    port,
    slot: slotName(name),
    applicationName: name,
    resources,
    files: {
      "postgresql.conf": renderPostgresqlConf(name, { ...defaultsOf(rules), ...parameters }),
      "pg_hba.conf": renderPgHbaConf(spec.database, { subscribers: spec.logical !== undefined }),
      "pg_ident.conf": renderPgIdentConf(),
    },
  };
}
