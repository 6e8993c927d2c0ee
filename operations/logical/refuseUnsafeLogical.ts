import { type LogicalPlan, logicalPlanOf } from "../../configs/logicalPlan.ts";
import { ownSchema } from "../../configs/ownSchema.ts";
import type { ClusterPlan } from "../../configs/plan.ts";
import { identifying, identifyRows, type PublishedTable } from "../../configs/spec.ts";
import { isTable, shown } from "../../configs/tableName.ts";
import { UserError } from "../../configs/userError.ts";
import type { ObservedNode } from "../observed.ts";
import { awaitsClone } from "./cloning.ts";
import type { ObservedLogical, ObservedTable } from "./observedLogical.ts";
import { type DesiredPublication, desiredPublications } from "./publications.ts";
import { refuseLackingFiles } from "./refuseLackingFiles.ts";

/** Throws a UserError where no step is safe or can succeed, with every reason at once. */
export function refuseUnsafeLogical(
  plan: ClusterPlan,
  publisher: ObservedNode,
  subscribers: readonly ObservedNode[],
): void {
  const nodes = [publisher, ...subscribers];
  const reasons = [
    ...nodes.flatMap(refuseStandby),
    ...nodes.flatMap(refuseBrokenData),
    ...refuseEmptyPublisher(publisher, subscribers),
    ...refuseSubscriberAsPublisher(publisher),
    ...refuseOtherPublisher(publisher, subscribers),
    ...nodes.flatMap((node) => refuseChangedFiles(logicalPlanOf(plan), node)),
    ...refuseLackingFiles(logicalPlanOf(plan), publisher, subscribers),
    ...refuseContent(logicalPlanOf(plan), publisher),
    ...refuseClone(plan, publisher, subscribers),
  ];
  if (reasons.length > 0) throw new UserError(reasons.join("\n"));
}

function refuseStandby({ name, volumes }: ObservedNode): string[] {
  if (!volumes?.data?.standbySignal) return [];
  return [
    `${name} holds the data of a standby, which follows its primary block by block; in mode logical every node has data of its own. Nothing was changed. Give the mode a stack of its own, or destroy this one with --delete-data.`,
  ];
}

/** initdb would have to go over it. */
function refuseBrokenData({ name, volumes }: ObservedNode): string[] {
  if (volumes === undefined || volumes.data !== undefined || !volumes.directories.includes("data")) return [];
  return [
    `The data directory of ${name} has no global/pg_control, so it can't be started, and it is not empty, so it is not initialised over. Restore it or move it away.`,
  ];
}

/** An empty publisher would be copied over what the subscribers have. */
function refuseEmptyPublisher(publisher: ObservedNode, subscribers: readonly ObservedNode[]): string[] {
  const known = publisher.container === "running" && publisher.volumes?.data === undefined;
  const holders = subscribers.filter(({ volumes }) => volumes?.data !== undefined).map(({ name }) => name);
  if (!known || holders.length === 0) return [];
  return [
    `The publisher ${publisher.name} has no data, but ${holders.join(", ")} has. Nothing was changed. Restore the publisher's data volume; or, if what the subscribers have is not wanted either, destroy the stack with --delete-data.`,
  ];
}

function refuseSubscriberAsPublisher({ name, server }: ObservedNode): string[] {
  const copied = server?.logical?.copiedTables.some(({ begun }) => begun) ?? false;
  if (!copied) return [];
  return [
    `${name} is declared the publisher, but is a subscriber: its rows were copied from another node. In mode logical the publisher can't be exchanged. Nothing was changed. Set \`postgres-cluster:primary\` back to the publisher.`,
  ];
}

function refuseOtherPublisher(publisher: ObservedNode, subscribers: readonly ObservedNode[]): string[] {
  const expected = publisher.server?.systemIdentifier;
  if (expected === undefined) return [];
  return subscribers.flatMap(({ name, server }) => {
    const from = server?.logical?.copiedTables.find((table) => table.begun && table.publisher !== expected)?.publisher;
    if (from === undefined) return [];
    return [
      `${name} holds rows that were copied from another publisher (system identifier ${from}, ${publisher.name}'s is ${expected}), and would lose them. Nothing was changed. Restore ${publisher.name}'s own data; or remove the data volume of ${name}, and it is copied anew.`,
    ];
  });
}

function refuseChangedFiles({ schemaFiles }: LogicalPlan, { name, server }: ObservedNode): string[] {
  return schemaFiles.flatMap(({ path, sha256 }) => {
    const applied = server?.logical?.schemaFiles.find((file) => file.path === path);
    if (applied === undefined || applied.sha256 === sha256) return [];
    return [
      `${path} was changed after it had been applied on ${name} (applied ${applied.sha256.slice(0, 12)}, now ${sha256.slice(0, 12)}). Put it back as it was, and write the change as a new file.`,
    ];
  });
}

/** Judged on the live tables of the publisher, once all schema files are applied there. */
function refuseContent(plan: LogicalPlan, { name, server }: ObservedNode): string[] {
  const logical = server?.logical;
  if (logical === undefined) return [];
  const applied = plan.schemaFiles.every(({ path }) => logical.schemaFiles.some((file) => file.path === path));
  if (!applied || !logical.bookkeeping) return [];
  return desiredPublications(plan, logical).flatMap((publication) => [
    ...publication.tables.flatMap((table) => refuseTable(publication, table, logical, name)),
    ...logical.tables
      .filter(({ schema }) => publication.schemas.includes(schema))
      .flatMap((table) => refuseIdentity(publication, table)),
  ]);
}

/** While a subscriber is made from a base backup all tables are published with all operations. */
function refuseClone(plan: ClusterPlan, { server }: ObservedNode, subscribers: readonly ObservedNode[]): string[] {
  const clones = subscribers.filter((node) => awaitsClone(plan, node)).map(({ name }) => name);
  const tables = server?.logical?.tables.filter(({ replicaIdentity }) => replicaIdentity === "none") ?? [];
  if (clones.length === 0 || tables.length === 0) return [];
  return [
    `${clones.join(", ")} can't be made from a base backup: meanwhile the publisher would refuse updates and deletes of ${tables.map(shown).join(", ")}, without a replica identity. Give each a primary key in a new schema file, or set postgres-cluster:initialCopy to copy.`,
  ];
}

function refuseTable(
  publication: DesiredPublication,
  table: PublishedTable,
  { tables }: ObservedLogical,
  node: string,
): string[] {
  if (table.schema === ownSchema) return [];
  const found = tables.find(isTable(table));
  const label = `publication ${publication.name}: table ${table.schema}.${table.name}`;
  if (found === undefined) {
    return [`${label} does not exist on ${node}. Create it in a schema file, or take it out of the publication.`];
  }
  const missing = (table.columns ?? []).filter((column) => found.columns.every(({ name }) => name !== column));
  if (missing.length > 0) {
    const columns = found.columns.map(({ name }) => name).join(", ");
    return [`${label} has no column ${missing.join(", ")}. Its columns: ${columns}.`];
  }
  return [...refuseIdentity(publication, found), ...refuseColumnsWithoutKey(publication, table, found, label)];
}

/** PostgreSQL would accept the publication, and refuse every update and delete of the table from then on. */
function refuseIdentity({ name: publication, operations }: DesiredPublication, table: ObservedTable): string[] {
  const passedOn = operations.filter((operation) => identifying.includes(operation));
  if (table.replicaIdentity !== "none" || passedOn.length === 0) return [];
  const name = `${table.schema}.${table.name}`;
  return [
    `publication ${publication}: table ${name} has no replica identity, so with ${passedOn.join(" and ")} published the publisher would refuse them. Give it a primary key in a new schema file, or \`alter table ${name} replica identity full\` (slow on large tables), or publish it with operations: [insert, truncate] only.`,
  ];
}

function refuseColumnsWithoutKey(
  { operations }: DesiredPublication,
  { columns }: PublishedTable,
  found: ObservedTable,
  label: string,
): string[] {
  if (columns === undefined || !identifyRows(operations)) return [];
  if (found.replicaIdentity === "full") {
    return [`${label} has replica identity full, with which updates and deletes can't be published by a column list.`];
  }
  const missing = found.keyColumns.filter((column) => !columns.includes(column));
  if (missing.length === 0) return [];
  return [
    `${label} is published without ${missing.join(", ")} of its replica identity. Add ${missing.length > 1 ? "them" : "it"} to its columns.`,
  ];
}
