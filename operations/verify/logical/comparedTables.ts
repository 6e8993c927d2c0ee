import type { LogicalPlan, SubscriptionPlan } from "../../../configs/logicalPlan.ts";
import { operations as allOperations, type Operation } from "../../../configs/spec.ts";
import { isTable, type TableName } from "../../../configs/tableName.ts";
import { probePublication } from "../../logical/bookkeeping.ts";
import type { ObservedLogical } from "../../logical/observedLogical.ts";
import { publishedColumns, subscribedPublications } from "../../logical/publications.ts";

/** A published table whose rows are to be the same on publisher and subscriber, as far as they are published. */
export interface ComparedTable extends TableName {
  readonly publication: string;
  /** Published columns. */
  readonly columns: readonly string[];
  /** Of the replica identity; empty without a key, and where it is not published. */
  readonly keyColumns: readonly string[];
  /** The declared filter: only such rows are published. */
  readonly where?: string;
}

/** A table of which some changes are not published, so that its rows come to differ. */
export interface IncomparableTable extends TableName {
  readonly publication: string;
  readonly notPublished: readonly Operation[];
}

export interface SubscribedTables {
  readonly compared: readonly ComparedTable[];
  readonly incomparable: readonly IncomparableTable[];
}

/** The tables that a subscription is to bring to its node, except the verification's own. */
export function subscribedTables(
  plan: LogicalPlan,
  publisher: ObservedLogical,
  subscription: SubscriptionPlan,
): SubscribedTables {
  const compared: ComparedTable[] = [];
  const incomparable: IncomparableTable[] = [];
  for (const { name: publication, operations, tables } of subscribedPublications(plan, publisher, subscription)) {
    if (publication === probePublication) continue;
    const notPublished = allOperations.filter((operation) => !operations.includes(operation));
    for (const { schema, name } of publisher.publications.find((each) => each.name === publication)?.tables ?? []) {
      const observed = publisher.tables.find(isTable({ schema, name }));
      const declared = tables.find(isTable({ schema, name }));
      if (observed === undefined) continue;
      if (notPublished.length > 0) {
        incomparable.push({ schema, name, publication, notPublished });
        continue;
      }
      const columns = publishedColumns(observed, declared).map((column) => column.name);
      const where = declared?.where;
      const keyColumns = observed.keyColumns.every((each) => columns.includes(each)) ? observed.keyColumns : [];
      compared.push({ schema, name, publication, columns, keyColumns, ...(where !== undefined && { where }) });
    }
  }
  return { compared, incomparable };
}
