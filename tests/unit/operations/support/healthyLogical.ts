import type { Desired } from "../../../../operations/desired.ts";
import type { ObservedLogical, ObservedTable } from "../../../../operations/logical/observedLogical.ts";
import {
  type DesiredPublication,
  declaredText,
  desiredPublications,
  publicationsOf,
} from "../../../../operations/logical/publications.ts";
import { plannedOptions } from "../../../../operations/logical/subscriptionOptions.ts";
import type { ObservedServer } from "../../../../operations/observed.ts";
import { subscribedTables } from "../../../../operations/verify/logical/comparedTables.ts";
import type { SubscriberParity } from "../../../../operations/verify/logical/parityProbe.ts";
import type { LogicalProbes } from "../../../../operations/verify/logical/probeLogical.ts";
import { streamingRow, streamingSlot } from "./healthyStream.ts";

const column = (name: string, type: string, notNull = true) => ({ name, type, notNull, generated: false });

/** What `logicalSpec` publishes, and one table that it does not. */
export const userTables: readonly ObservedTable[] = [
  {
    schema: "public",
    name: "audit",
    columns: [column("line", "text")],
    replicaIdentity: "none",
    keyColumns: [],
    bytes: 8192,
  },
  {
    schema: "public",
    name: "orders",
    columns: [column("amount", "numeric(12,2)"), column("id", "bigint")],
    replicaIdentity: "key",
    keyColumns: ["id"],
    bytes: 8192,
  },
  {
    schema: "public",
    name: "users",
    columns: [
      column("active", "boolean"),
      column("id", "bigint"),
      column("name", "text"),
      column("secret", "text", false),
    ],
    replicaIdentity: "key",
    keyColumns: ["active", "id"],
    bytes: 8192,
  },
];

/** A publisher's server, or a subscriber's, made from one of no replication at all. */
export function logicalServer(desired: Desired, name: string, base: ObservedServer): ObservedServer {
  const { nodes, primary } = desired.plan;
  const own = { ...base, systemIdentifier: `700000000000000000${nodes.findIndex((node) => node.name === name)}` };
  if (name !== primary) return { ...own, logical: subscriber(desired, name) };
  const { subscriptions } = desired.plan.logical!;
  return {
    ...own,
    slots: subscriptions.map(({ slot }) => ({ ...streamingSlot(slot, "logical"), failover: true })),
    replication: subscriptions.map(({ name, role, slot }) =>
      streamingRow({ applicationName: name, role, syncState: "async", slot, replayLagSeconds: null }),
    ),
    logical: publisher(desired),
  };
}

function common(desired: Desired): ObservedLogical {
  return {
    bookkeeping: true,
    schemaFiles: desired.plan.logical!.schemaFiles.map(({ path, sha256 }) => ({ path, sha256 })),
    tables: userTables,
    publications: [],
    publicationRecords: {},
    privileges: {},
    subscriptions: [],
    copiedTables: [],
    orphanedOrigins: [],
  };
}

function publisher(desired: Desired): ObservedLogical {
  const empty = common(desired);
  const publications = desiredPublications(desired.plan.logical!, empty);
  return {
    ...empty,
    publications: publications.map((publication) => ({
      name: publication.name,
      catalogue: catalogueOf(publication),
      tables: tablesOf(publication).map(({ schema, name }) => ({ schema, name, readable: [] })),
    })),
    publicationRecords: Object.fromEntries(
      publications.map((publication) => [
        publication.name,
        { declared: declaredText(publication), catalogue: catalogueOf(publication) },
      ]),
    ),
  };
}

function tablesOf({ tables, schemas }: DesiredPublication) {
  return [...tables, ...userTables.filter(({ schema }) => schemas.includes(schema))];
}

/** As PostgreSQL's catalogue is observed. */
function catalogueOf({ operations, tables, schemas }: DesiredPublication): string {
  return JSON.stringify({
    operations: ["insert", "update", "delete", "truncate"].map((each) => operations.some((one) => one === each)),
    allTables: false,
    viaRoot: false,
    oid: 16_384,
    schemas: schemas.map((schema, index) => [schema, 16_400 + index]),
    tables: tables.map(({ schema, name, columns, where }, index) => [
      [schema, name],
      16_500 + index,
      columns ?? null,
      where ?? null,
    ]),
  });
}

function subscriber(desired: Desired, node: string): ObservedLogical {
  const plan = desired.plan.logical!;
  const planned = plan.subscriptions.filter((each) => each.node === node);
  return {
    ...common(desired),
    subscriptions: planned.map(({ name, slot, conninfo, ...subscription }) => {
      const publications = publicationsOf(subscription);
      const wanted = desiredPublications(plan, common(desired)).filter((each) => publications.includes(each.name));
      return {
        name,
        enabled: true,
        slot,
        conninfo,
        publications,
        options: plannedOptions,
        tables: wanted.flatMap(tablesOf).map(({ schema, name }) => ({ schema, name, state: "r" })),
        working: true,
        applyErrors: 0,
        syncErrors: 0,
      };
    }),
  };
}

export function healthyLogicalProbes(desired: Desired): LogicalProbes {
  const plan = desired.plan.logical!;
  const nodes = plan.subscriptions.map(({ node }) => node);
  const seenAfter = { insert: 3, update: 4, delete: 5, truncate: 6 };
  const parity = plan.subscriptions.map((subscription): [string, SubscriberParity] => {
    const { compared } = subscribedTables(plan, publisher(desired), subscription);
    const fingerprint = { rows: 10_000, hash: "12345" };
    const tables = compared.map((table) => ({ table, expected: fingerprint, found: fingerprint }));
    return [subscription.node, { tables }];
  });
  return {
    errors: {},
    markers: { subscribers: Object.fromEntries(nodes.map((node) => [node, { seenAfter }])) },
    parity: {
      lsn: "0/3000100",
      subscribers: Object.fromEntries(parity),
    },
    sequences: Object.fromEntries(
      [desired.plan.primary, ...nodes].map((node) => [
        node,
        [{ name: "public.users_id_seq", lastValue: "10000", startValue: "1", increment: "1" }],
      ]),
    ),
  };
}
