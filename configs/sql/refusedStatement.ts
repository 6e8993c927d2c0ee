import type { Node } from "libpg-query";
import { kindOf, type NodeKind } from "./walk.ts";

/** Why a schema file may not hold a statement, and what the user can do instead. */
export interface Refusal {
  readonly problem: string;
  readonly remedy: string;
}

/**
 * A schema file is applied in one transaction. Undefined for a statement that may be part of it (PostgreSQL manual, the reference pages
 * of each statement; in its source, the callers of PreventInTransactionBlock).
 */
export function refusedStatement(node: Node): Refusal | undefined {
  if ("TransactionStmt" in node) return savepoint.test(node.TransactionStmt.kind ?? "") ? undefined : ownTransaction;
  if ("CopyStmt" in node && node.CopyStmt.filename === undefined) return copyOfStream;
  const dropsPublication = "DropStmt" in node && node.DropStmt.removeType === "OBJECT_PUBLICATION";
  if (dropsPublication || declaredKinds.includes(kindOf(node))) return declared;
  const name = outsideTransaction(node);
  if (name === undefined) return undefined;
  const remedy = name.endsWith("CONCURRENTLY")
    ? "leave CONCURRENTLY out"
    : "remove it; run it by hand where you need it";
  return { problem: `${name} cannot run in a transaction, and a file is applied in one`, remedy };
}

const savepoint = /^TRANS_STMT_(?:SAVEPOINT|RELEASE|ROLLBACK_TO)$/;

const ownTransaction: Refusal = {
  problem: "begins or ends a transaction, and a file is applied in one",
  remedy: "remove it",
};

const copyOfStream: Refusal = {
  problem: "COPY from or to the client has no client here",
  remedy: "remove it; load rows through the publisher, after `up`",
};

const declaredKinds: readonly NodeKind[] = [
  "CreatePublicationStmt",
  "AlterPublicationStmt",
  "CreateSubscriptionStmt",
  "AlterSubscriptionStmt",
  "DropSubscriptionStmt",
];

const declared: Refusal = {
  problem: "publications and subscriptions are declared in the stack config",
  remedy: "remove it, and see `publications`",
};

/** By kind: the statement's name, where all of its forms are refused. */
const alwaysOutside: Partial<Record<NodeKind, string>> = {
  CreatedbStmt: "CREATE DATABASE",
  DropdbStmt: "DROP DATABASE",
  CreateTableSpaceStmt: "CREATE TABLESPACE",
  DropTableSpaceStmt: "DROP TABLESPACE",
  AlterSystemStmt: "ALTER SYSTEM",
};

/** The name of a statement that PostgreSQL refuses in a transaction; undefined for one that it takes. */
function outsideTransaction(node: Node): string | undefined {
  if ("IndexStmt" in node && node.IndexStmt.concurrent) return "CREATE INDEX CONCURRENTLY";
  if ("DropStmt" in node && node.DropStmt.concurrent) return "DROP INDEX CONCURRENTLY";
  if ("ReindexStmt" in node) {
    const { kind = "", params = [] } = node.ReindexStmt;
    if (params.some((each) => "DefElem" in each && each.DefElem.defname === "concurrently"))
      return "REINDEX CONCURRENTLY";
    return /_(?:SCHEMA|SYSTEM|DATABASE)$/.test(kind) ? "REINDEX of more than one table" : undefined;
  }
  if ("AlterTableStmt" in node) {
    const detaches = node.AlterTableStmt.cmds?.some((each) => {
      const def = "AlterTableCmd" in each ? each.AlterTableCmd.def : undefined;
      return def !== undefined && "PartitionCmd" in def && def.PartitionCmd.concurrent;
    });
    return detaches ? "DETACH PARTITION CONCURRENTLY" : undefined;
  }
  if ("AlterDatabaseStmt" in node) {
    const moves = node.AlterDatabaseStmt.options?.some(
      (each) => "DefElem" in each && each.DefElem.defname === "tablespace",
    );
    return moves ? "ALTER DATABASE … SET TABLESPACE" : undefined;
  }
  if ("VacuumStmt" in node) return node.VacuumStmt.is_vacuumcmd ? "VACUUM" : undefined;
  if ("ClusterStmt" in node) return node.ClusterStmt.relation ? undefined : "CLUSTER of all tables";
  if ("DiscardStmt" in node) return node.DiscardStmt.target === "DISCARD_ALL" ? "DISCARD ALL" : undefined;
  return alwaysOutside[kindOf(node)];
}
