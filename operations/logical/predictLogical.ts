import { logicalPlanOf, type SubscriptionPlan, subscriptionOf } from "../../configs/logicalPlan.ts";
import { isTable, type TableName } from "../../configs/tableName.ts";
import type { Desired } from "../desired.ts";
import type { ObservedNode } from "../observed.ts";
import type { Step } from "../step.ts";
import type { CopiedTable, ObservedLogical, ObservedSubscription } from "./observedLogical.ts";
import { type Copies, declaredText, publicationsOf, readableIn } from "./publications.ts";
import { plannedOptions } from "./subscriptionOptions.ts";

type LogicalStep = Extract<
  Step,
  {
    kind:
      | "applySchemaFiles"
      | "recordCopies"
      | "setPublications"
      | "dropPublication"
      | "grantReading"
      | "createSubscription"
      | "alterSubscription"
      | "enterBridges"
      | "refreshSubscription"
      | "dropSubscription"
      | "awaitTables"
      | "dropRole"
      | "dropOrigin";
  }
>;

/**
 * What would be observed on a node after such a step. What only the server can tell (which tables a schema file makes, how the catalogue
 * writes a publication) is left as it was: the reconciler plans nothing beyond a step that reveals it.
 */
export function predictLogical(desired: Desired, node: ObservedNode, step: LogicalStep): ObservedNode {
  const server = node.server!;
  if (step.kind === "dropRole") {
    return { ...node, server: { ...server, roles: server.roles.filter(({ name }) => name !== step.role) } };
  }
  return { ...node, server: { ...server, logical: changed(desired, server.logical!, step) } };
}

function changed(
  desired: Desired,
  logical: ObservedLogical,
  step: Exclude<LogicalStep, { kind: "dropRole" }>,
): ObservedLogical {
  switch (step.kind) {
    case "applySchemaFiles": {
      const applied = logicalPlanOf(desired.plan).schemaFiles.filter(({ path }) => step.paths.includes(path));
      return { ...logical, bookkeeping: true, schemaFiles: [...logical.schemaFiles, ...applied] };
    }
    case "recordCopies":
      return { ...logical, copiedTables: recorded(logical.copiedTables, step) };
    case "setPublications": {
      const records = step.publications.map((publication) => {
        const catalogue = logical.publications.find(({ name }) => name === publication.name)?.catalogue ?? "";
        return [publication.name, { declared: declaredText(publication), catalogue }];
      });
      return { ...logical, publicationRecords: { ...logical.publicationRecords, ...Object.fromEntries(records) } };
    }
    case "dropPublication": {
      const { [step.publication]: _, ...publicationRecords } = logical.publicationRecords;
      const publications = logical.publications.filter(({ name }) => name !== step.publication);
      return { ...logical, publications, publicationRecords };
    }
    case "grantReading": {
      const granted = step.readers.map(({ role, publications }) => [role, readableIn(logical, publications)]);
      return { ...logical, privileges: { ...logical.privileges, ...Object.fromEntries(granted) } };
    }
    case "createSubscription": {
      const planned = subscriptionOf(desired.plan, step.node);
      const subscription: ObservedSubscription = {
        ...asPlanned(planned),
        tables: step.tables.map(entering),
        working: false,
        applyErrors: 0,
        syncErrors: 0,
      };
      const copiedTables = recorded(logical.copiedTables, step);
      return { ...logical, copiedTables, subscriptions: [...logical.subscriptions, subscription] };
    }
    case "alterSubscription": {
      const planned = subscriptionOf(desired.plan, step.node);
      return withSubscription(logical, planned.name, (found) => ({
        ...found,
        ...asPlanned(planned),
        publications: step.publications,
      }));
    }
    case "enterBridges": {
      const planned = subscriptionOf(desired.plan, step.node);
      return withSubscription(logical, planned.name, (found) => ({
        ...found,
        ...asPlanned(planned),
        publications: step.publications,
        tables: found.tables.filter((table) => step.kept.some(isTable(table))),
      }));
    }
    case "refreshSubscription": {
      const planned = subscriptionOf(desired.plan, step.node);
      const copiedTables = recorded(logical.copiedTables, step);
      return withSubscription({ ...logical, copiedTables }, planned.name, (found) => ({
        ...found,
        tables: [...found.tables.filter((table) => step.published.some(isTable(table))), ...step.tables.map(entering)],
      }));
    }
    case "dropSubscription":
      return { ...logical, subscriptions: logical.subscriptions.filter(({ name }) => name !== step.subscription) };
    case "awaitTables": {
      const { name } = subscriptionOf(desired.plan, step.node);
      return withSubscription(logical, name, (found) => ({
        ...found,
        tables: found.tables.map((table) => ({ ...table, state: "r" })),
      }));
    }
    case "dropOrigin":
      return { ...logical, orphanedOrigins: logical.orphanedOrigins.filter((origin) => origin !== step.origin) };
  }
}

function asPlanned(planned: SubscriptionPlan) {
  const { name, slot, conninfo } = planned;
  return { name, slot, conninfo, publications: publicationsOf(planned), options: plannedOptions, enabled: true };
}

function entering({ schema, name }: TableName) {
  return { schema, name, state: "i" };
}

function recorded(before: readonly CopiedTable[], { tables, copiedFrom }: Copies): CopiedTable[] {
  const others = before.filter((table) => !tables.some(isTable(table)));
  return [...others, ...tables.map((table) => ({ ...table, publisher: copiedFrom, begun: true }))];
}

function withSubscription(
  logical: ObservedLogical,
  name: string,
  change: (found: ObservedSubscription) => ObservedSubscription,
): ObservedLogical {
  return { ...logical, subscriptions: logical.subscriptions.map((each) => (each.name === name ? change(each) : each)) };
}
