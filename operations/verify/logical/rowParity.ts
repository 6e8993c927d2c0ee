import { logicalPlanOf } from "../../../configs/logicalPlan.ts";
import { ownSchema } from "../../../configs/ownSchema.ts";
import { shown, type TableName } from "../../../configs/tableName.ts";
import { stale } from "../../logical/copies.ts";
import { type Check, type Evidence, type Finding, fail, pass } from "../check.ts";
import { type SubscribedTables, subscribedTables } from "./comparedTables.ts";
import { publisherOf } from "./logicalEvidence.ts";
import type { ParityProbe, TableParity } from "./parityProbe.ts";
import type { RowDifference } from "./rowDifference.ts";
import { isSame } from "./rowHash.ts";

/** Publisher and subscribers have the same rows, as far as they are published, at one position of the stream. */
export const rowParity: Check = {
  id: "row-parity",
  examine: (evidence) => {
    const { parity } = evidence.probes.logical ?? {};
    if (parity === undefined) return [];
    if (parity.error !== undefined) {
      return [fail(`could not be compared: ${parity.error}`, "see server-running and markers")];
    }
    if (parity.busy !== undefined) {
      return [
        fail(
          `could not be compared: no moment was found in which nobody wrote: ${parity.busy}`,
          `let these transactions end, then run \`npm run verify -- --stack ${evidence.desired.plan.stack}\``,
        ),
      ];
    }
    return [...compared(evidence, parity), ...notCompared(evidence)];
  },
};

function compared({ desired }: Evidence, parity: ParityProbe): Finding[] {
  return Object.entries(parity.subscribers).flatMap(([node, { error, tables }]) => {
    if (error !== undefined) {
      return [fail(`could not be compared: ${error}`, "see subscriptions and markers of this node", node)];
    }
    return tables.map((table) => examineTable(table, parity, node, desired.plan.primary));
  });
}

function examineTable(
  { table, error, ...found }: TableParity,
  parity: ParityProbe,
  node: string,
  publisher: string,
): Finding {
  const name = shown(table);
  if (error !== undefined) return fail(`${name} could not be compared: ${error}`, "see schema-parity", node);
  const [expected, here] = [found.expected!, found.found!];
  if (isSame(expected, here)) {
    return pass(
      `${name}: ${expected.rows} rows, sum of hashes ${here.hash}, as on ${publisher} at ${parity.lsn}`,
      node,
    );
  }
  const rows = found.difference === undefined ? "" : `; ${describe(found.difference)}`;
  return fail(
    `${name} has ${here.rows} rows, of which ${publisher} publishes ${expected.rows} at ${parity.lsn}${rows}`,
    `find out who writes ${name} on ${node}: only the subscription should. ${repair(table, node)}`,
    node,
  );
}

function describe({ rows, complete, missing, additional, different }: RowDifference): string {
  const kinds = [
    ["missing here", missing],
    ["only here", additional],
    ["different", different],
  ] as const;
  const keys = kinds.flatMap(([kind, keys]) => (keys.length === 0 ? [] : [`${kind}: ${keys.join(", ")}`]));
  return `${complete ? "" : "at least "}${rows} rows differ (${keys.join("; ")})`;
}

/** A row that is set right by hand stays right: the stream changes it from there. Rows that were copied by a stale definition are copied again. */
function repair({ schema, name }: TableName, node: string): string {
  return (
    `Correct these rows on ${node} by hand; or have the whole table copied again, by \`up\` after this on ${node}: ` +
    `UPDATE ${ownSchema}.copied_tables SET definition = '${stale}' WHERE (table_schema, table_name) = ('${schema}', '${name}');`
  );
}

/** Tables of which some changes are not published, so that nothing can be said. */
function notCompared(evidence: Evidence): Finding[] {
  const publisher = publisherOf(evidence);
  if (publisher === undefined) return [];
  const plan = logicalPlanOf(evidence.desired.plan);
  return plan.subscriptions.flatMap((subscription) => {
    const { incomparable }: SubscribedTables = subscribedTables(plan, publisher, subscription);
    return incomparable.map((table) =>
      pass(
        `${shown(table)} is not compared: ${table.publication} does not publish ${table.notPublished.join(", ")}`,
        subscription.node,
      ),
    );
  });
}
