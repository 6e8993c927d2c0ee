import type { SubscriptionPlan } from "../../../configs/logicalPlan.ts";
import type { ReplicationError } from "./replicationErrors.ts";

/** What stopped the subscription: the table, the row and the change that did not fit, in PostgreSQL's words. */
export function describeConflict({
  message,
  detail,
  table,
  operation,
  transaction,
  finishedAt,
}: ReplicationError): string {
  const where = table === undefined || message.includes(table) ? "" : ` in ${table}`;
  const what = [message, detail?.replace(/\.$/, "")].filter(Boolean).join(": ");
  const origin = [
    operation,
    transaction && `of transaction ${transaction}`,
    finishedAt && `that ended at ${finishedAt}`,
  ];
  const change = origin.filter(Boolean).join(" ");
  return `${what}${where}${change === "" ? "" : ` (${change})`}`;
}

/** What to do about it: the statements to be run on the subscriber, and what they cost. `up` ends with "run `npm run up …`". */
export function conflictRemedy(error: ReplicationError, subscription: SubscriptionPlan, up: string): string {
  const { node, name } = subscription;
  const key = error.detail === undefined ? undefined : conflictingRow(error.detail, error.table);
  if (key !== undefined) {
    return `on ${node}, take the row out of the way: ${key}; or change its key; ${orSkip(error, name)}then ${up}`;
  }
  if (/violates|missing replicated|does not exist|incompatible/.test(error.message) && error.table !== undefined) {
    return `make ${error.table} on ${node} fit for the change (see schema-parity); ${orSkip(error, name)}then ${up}`;
  }
  return `remove the reason; ${orSkip(error, name)}then ${up}`;
}

function orSkip({ finishedAt }: ReplicationError, subscription: string): string {
  if (finishedAt === undefined) return "";
  return `or give up this subscriber's share of the whole transaction, which row-parity will then miss: ALTER SUBSCRIPTION ${subscription} SKIP (lsn = '${finishedAt}'); `;
}

/** The statement that deletes the row that was in the way; undefined where values hold commas, so that columns and values can't be paired. */
function conflictingRow(detail: string, table: string | undefined): string | undefined {
  const [, columnList, valueList] = /^Key \((.+)\)=\((.*)\) already exists\.?$/s.exec(detail) ?? [];
  if (columnList === undefined || valueList === undefined || table === undefined) return undefined;
  const columns = columnList.split(", ");
  const values = columns.length === 1 ? [valueList] : valueList.split(", ");
  if (columns.length !== values.length) return undefined;
  const conditions = columns.map((column, index) => `${column} = '${values[index]!.replaceAll("'", "''")}'`);
  return `DELETE FROM ${table} WHERE ${conditions.join(" AND ")}`;
}
