import { logicalPlanOf } from "../../../configs/logicalPlan.ts";
import { identifyRows } from "../../../configs/spec.ts";
import { isTable, shown } from "../../../configs/tableName.ts";
import type { ObservedColumn, ObservedTable } from "../../logical/observedLogical.ts";
import { definitionsIn, publishedColumns, subscribedPublications } from "../../logical/publications.ts";
import { type Check, type Evidence, type Finding, fail, pass } from "../check.ts";
import { eachSubscriber, type ObservedSubscriber, publisherOf } from "./logicalEvidence.ts";

/**
 * Can each subscriber take in what is published? Its table has the published columns, by name and in any order, of the publisher's types;
 * further columns fill themselves. On the publisher, updates and deletes can name their row.
 */
export const schemaParity: Check = {
  id: "schema-parity",
  examine: (evidence) => [
    ...replicaIdentities(evidence),
    ...eachSubscriber(evidence, (subscriber) => examineSubscriber(evidence, subscriber)),
  ],
};

function replicaIdentities(evidence: Evidence): Finding[] {
  const publisher = publisherOf(evidence);
  if (publisher === undefined) return [];
  const { primary } = evidence.desired.plan;
  const withChanges = logicalPlanOf(evidence.desired.plan)
    .publications.filter(({ operations }) => identifyRows(operations))
    .flatMap(({ name }) => publisher.publications.find((each) => each.name === name)?.tables ?? []);
  const anonymous = publisher.tables.filter(
    (table) => table.replicaIdentity === "none" && withChanges.some(isTable(table)),
  );
  return anonymous.map((table) =>
    fail(
      `${shown(table)} publishes updates or deletes and has no replica identity: the publisher refuses both`,
      `in a new schema file: ALTER TABLE ${shown(table)} ADD PRIMARY KEY (…); or, at the cost of whole rows in the WAL, ALTER TABLE ${shown(table)} REPLICA IDENTITY FULL;`,
      primary,
    ),
  );
}

function examineSubscriber(evidence: Evidence, { subscription, logical }: ObservedSubscriber): Finding[] {
  const { node } = subscription;
  const publisher = publisherOf(evidence);
  if (publisher === undefined) return [];
  const published = subscribedPublications(logicalPlanOf(evidence.desired.plan), publisher, subscription).flatMap(
    (publication) =>
      [...definitionsIn(publication, publisher).values()].flatMap((table) => {
        const there = publisher.tables.find(isTable(table));
        return there === undefined ? [] : [{ there, declared: publication.tables.find(isTable(table)) }];
      }),
  );
  const failures = published.flatMap(({ there, declared }) => {
    const problems = problemsOf(publishedColumns(there, declared), logical.tables.find(isTable(there)));
    if (problems.length === 0) return [];
    return [
      fail(
        `${shown(there)}: ${problems.join("; ")}`,
        "tables are changed by a new schema file only, which reaches every node; undo on this node what was done by hand",
        node,
      ),
    ];
  });
  if (failures.length > 0) return failures;
  return [pass(`${published.length} tables have the published columns`, node)];
}

function problemsOf(published: readonly ObservedColumn[], table: ObservedTable | undefined): string[] {
  if (table === undefined) return ["the table is missing"];
  const wrong = published.flatMap((column) => {
    const here = table.columns.find(({ name }) => name === column.name);
    if (here === undefined) return [`column ${column.name} is missing`];
    if (here.generated) return [`column ${column.name} is generated here`];
    if (here.type !== column.type)
      return [`column ${column.name} is ${here.type}, on the publisher it is ${column.type}`];
    if (here.notNull && !column.notNull) return [`column ${column.name} is NOT NULL here, and not on the publisher`];
    return [];
  });
  const unfilled = table.columns.filter(
    ({ name, notNull, generated, hasDefault }) =>
      notNull && !generated && hasDefault === false && !published.some((each) => each.name === name),
  );
  return [...wrong, ...unfilled.map(({ name }) => `column ${name} is not published, NOT NULL, and has no default`)];
}
