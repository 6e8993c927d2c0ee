import type { ObservedLogical, ObservedPublication } from "../../../../../operations/logical/observedLogical.ts";
import type {
  ObservedCluster,
  ObservedNode,
  ObservedServer,
  ObservedVolumes,
} from "../../../../../operations/observed.ts";
import { quietServer } from "../quietServer.ts";
import {
  type LogicalData,
  type LogicalNode,
  type LogicalWorld,
  type Publication,
  schemaOf,
  splitName,
} from "./world.ts";

/** What operations/observe.ts would find in this world, the nodes in the given order. */
export function look(world: LogicalWorld, names: readonly string[]): ObservedCluster {
  const leavers = Object.values(world.nodes).filter(({ name }) => !names.includes(name));
  return {
    nodes: names.map((name) => lookAt(world, world.nodes[name]!)),
    leavers: leavers.map(({ name, running }) => ({ name, container: `test-${name}`, running })),
  };
}

function lookAt(world: LogicalWorld, node: LogicalNode): ObservedNode {
  const { name, running, data } = node;
  if (!running) return { name, container: "stopped" };
  const volumes = volumesOf(node);
  if (data === undefined) return { name, container: "running", volumes, serverError: "no data" };
  return { name, container: "running", volumes, server: serverOf(world, node, data) };
}

function volumesOf({ release, fileHashes, runtime, changedAt, data }: LogicalNode): ObservedVolumes {
  return {
    fileHashes,
    configurationChangedAt: changedAt,
    directories: data === undefined ? [] : ["data"],
    freeBytes: 1e12,
    ...(release !== undefined && { release }),
    ...(runtime !== undefined && { runtime }),
    ...(data !== undefined && {
      data: {
        systemIdentifier: data.systemIdentifier,
        timeline: 1,
        state: "in production",
        checksums: true,
        standbySignal: false,
        checkpointLsn: "0/0",
      },
    }),
  };
}

function serverOf(world: LogicalWorld, node: LogicalNode, data: LogicalData): ObservedServer {
  return {
    ...quietServer,
    inRecovery: false,
    systemIdentifier: data.systemIdentifier,
    timeline: 1,
    flushLsn: "0/0",
    configurationLoadedAt: node.loadedAt,
    settings: {},
    slots: Object.entries(data.slots).map(([name, { lost }]) => ({
      name,
      type: "logical",
      active: isInUse(world, name),
      walStatus: lost ? "lost" : "reserved",
      retainedBytes: 0,
    })),
    roles: Object.entries(data.roles).map(([name, password]) => ({
      name,
      superuser: false,
      login: true,
      replication: name === "replicator" || name.startsWith("subscriber_"),
      password: `verifier of ${password}`,
    })),
    databases: data.databases.map((name) => ({ name, owner: name })),
    ...(data.databases.includes("app") && { logical: logicalOf(data) }),
  };
}

/** Does a subscription that is enabled stream from this slot? */
export function isInUse({ nodes }: LogicalWorld, slot: string): boolean {
  return Object.values(nodes).some(
    ({ running, data }) =>
      running && Object.values(data?.subscriptions ?? {}).some((each) => each.enabled && each.slot === slot),
  );
}

function logicalOf(data: LogicalData): ObservedLogical {
  const { books } = data;
  const names = Object.keys(data.tables).sort();
  return {
    bookkeeping: books !== undefined,
    schemaFiles: books?.schemaFiles ?? [],
    tables: names
      .map(splitName)
      .filter(({ schema }) => schema !== "postgres_cluster")
      .map((table) => ({
        ...table,
        columns: ["id", "x", "y"].map((name) => ({ name, type: "integer", notNull: name === "id", generated: false })),
        replicaIdentity: "key",
        keyColumns: ["id"],
        bytes: 8192,
      })),
    publications: Object.entries(data.publications).map(([name, publication]) =>
      publicationOf(name, publication, names),
    ),
    publicationRecords: books?.publications ?? {},
    privileges: data.privileges,
    subscriptions: Object.entries(data.subscriptions).map(([name, subscription]) => ({
      name,
      enabled: subscription.enabled,
      slot: subscription.slot,
      conninfo: subscription.conninfo,
      publications: [...subscription.publications].sort(),
      options: subscription.options,
      tables: Object.entries(subscription.tables).map(([table, state]) => ({ ...splitName(table), state })),
      working: subscription.enabled,
      applyErrors: 0,
      syncErrors: 0,
    })),
    copiedTables: Object.entries(books?.copiedTables ?? {}).map(([table, entry]) => ({
      ...splitName(table),
      ...entry,
    })),
    orphanedOrigins: data.orphanedOrigins,
  };
}

function publicationOf(name: string, publication: Publication, tables: readonly string[]): ObservedPublication {
  const { schemas } = publication;
  const published = tables.filter(
    (table) => publication.tables[table] !== undefined || schemas[schemaOf(table)] !== undefined,
  );
  return {
    name,
    catalogue: catalogueOf(publication),
    tables: published.map((table) => ({ ...splitName(table), readable: readableOf(publication, table) })),
  };
}

/** With a column list the columns of the list and of the filter are to be read, otherwise the whole table. */
function readableOf({ tables }: Publication, table: string): string[] {
  const entry = tables[table];
  if (entry?.columns == null) return [table];
  const filtered = entry.where?.match(/\b[xy]\b/g) ?? [];
  return [...new Set([...entry.columns, ...filtered])].sort().map((column) => `${table}(${column})`);
}

/** What the role of a subscription with these publications is granted. */
export function grantedFor(data: LogicalData, publications: readonly string[]): string[] {
  const tables = Object.keys(data.tables);
  const all = publications.flatMap((name) => {
    const publication = data.publications[name];
    return publication === undefined ? [] : publicationOf(name, publication, tables).tables;
  });
  return [...new Set(all.flatMap(({ readable }) => readable))].sort();
}

/** The form of `publicationCatalogue` in observeLogical.ts. */
export function catalogueOf({ oid, operations, schemas, tables }: Publication): string {
  return JSON.stringify({
    oid,
    operations: ["insert", "update", "delete", "truncate"].map((each) => operations.some((some) => some === each)),
    schemas: Object.entries(schemas).map(([name, entry]) => [name, entry]),
    tables: Object.entries(tables).map(([table, entry]) => {
      const { schema, name } = splitName(table);
      return [[schema, name], entry.oid, entry.columns, entry.where];
    }),
  });
}
