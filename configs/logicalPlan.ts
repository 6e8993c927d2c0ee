import { nodeConnection } from "./render/nodeConnection.ts";
import { sha256 } from "./sha256.ts";
import { slotName } from "./slotName.ts";
import type { ClusterSpec, InitialCopy, LogicalSpec, PublicationSpec, SchemaFile } from "./spec.ts";
import { subscriberRole } from "./subscriberRole.ts";

/** What logical mode adds to a plan. */
export interface LogicalPlan {
  readonly initialCopy: InitialCopy;
  /** Applied on every node, in this order, each once. */
  readonly schemaFiles: readonly PlannedSchemaFile[];
  /** On the publisher. */
  readonly publications: readonly PublicationSpec[];
  /** One for each node that some publication names, in the order of the nodes. */
  readonly subscriptions: readonly SubscriptionPlan[];
}

export interface PlannedSchemaFile extends SchemaFile {
  /** Of `text`: tells whether a file was changed after it had been applied. */
  readonly sha256: string;
}

export interface SubscriptionPlan {
  /** The subscriber. */
  readonly node: string;
  /** The subscription's name: the slot's, so that no two nodes share either. */
  readonly name: string;
  /** Logical slot on the publisher. */
  readonly slot: string;
  /** Role with which this subscriber alone logs in on the publisher. */
  readonly role: string;
  /** Names, sorted. */
  readonly publications: readonly string[];
  /** Of the subscriber to the publisher, without a password: that is in the passfile. */
  readonly conninfo: string;
}

/** What the plan of a cluster of mode logical has. */
export function logicalPlanOf({
  mode,
  logical,
}: {
  readonly mode: string;
  readonly logical?: LogicalPlan;
}): LogicalPlan {
  if (logical === undefined) throw new Error(`a cluster of mode ${mode} is taken for one of mode logical`);
  return logical;
}

/** The subscription of a node that some publication names. */
export function subscriptionOf({ logical }: { readonly logical?: LogicalPlan }, node: string): SubscriptionPlan {
  const found = logical?.subscriptions.find((each) => each.node === node);
  if (found === undefined) throw new Error(`No publication names ${node}`);
  return found;
}

export function planLogical(spec: ClusterSpec, logical: LogicalSpec): LogicalPlan {
  const { initialCopy, schemaFiles, publications } = logical;
  return {
    initialCopy,
    schemaFiles: schemaFiles.map((file) => ({ ...file, sha256: sha256(file.text) })),
    publications,
    subscriptions: spec.nodes.flatMap(({ name }) => {
      const own = publications.filter(({ subscribers }) => subscribers.includes(name));
      return own.length > 0 ? [planSubscription(spec, name, own)] : [];
    }),
  };
}

function planSubscription(spec: ClusterSpec, node: string, own: readonly PublicationSpec[]): SubscriptionPlan {
  const name = slotName(node);
  const role = subscriberRole(node);
  return {
    node,
    name,
    slot: name,
    role,
    publications: own.map((publication) => publication.name).sort(),
    conninfo: nodeConnection(spec.primary, { user: role, dbname: spec.database, application_name: name }),
  };
}
