import { logicalPlanOf } from "../../../configs/logicalPlan.ts";
import { operations as allOperations } from "../../../configs/spec.ts";
import type { ObservedLogical } from "../../logical/observedLogical.ts";
import {
  type Catalogue,
  type DesiredPublication,
  declaredText,
  desiredPublications,
} from "../../logical/publications.ts";
import { type Check, type Finding, fail, pass, runUp } from "../check.ts";
import { publisherOf } from "./logicalEvidence.ts";

/** What the publisher's catalogue has is what was declared: nothing was left undone, and nothing was altered by hand since. */
export const publications: Check = {
  id: "publications",
  examine: (evidence) => {
    const publisher = publisherOf(evidence);
    if (publisher === undefined) return [];
    const desired = desiredPublications(logicalPlanOf(evidence.desired.plan), publisher);
    const abandoned = publisher.publications.filter(
      ({ name }) => name in publisher.publicationRecords && !desired.some((each) => each.name === name),
    );
    return [
      ...desired.map((publication) => examinePublication(publication, publisher, runUp(evidence))),
      ...abandoned.map(({ name }) => fail(`publication ${name} is no longer declared`, runUp(evidence))),
    ];
  },
};

function examinePublication(desired: DesiredPublication, publisher: ObservedLogical, remedy: string): Finding {
  const { name } = desired;
  const found = publisher.publications.find((each) => each.name === name);
  const record = publisher.publicationRecords[name];
  if (found === undefined) return fail(`publication ${name} is missing`, remedy);
  if (record === undefined) return fail(`publication ${name} was made by hand`, remedy);
  if (record.declared !== declaredText(desired)) return fail(`publication ${name} is not yet as declared`, remedy);
  if (record.catalogue !== found.catalogue) {
    return fail(`publication ${name} was altered by hand: ${differences(record.catalogue, found.catalogue)}`, remedy);
  }
  return pass(`${name}: ${found.tables.length} tables, ${desired.operations.join(", ")}, as declared`);
}

/** What differs, in words. */
function differences(recorded: string, found: string): string {
  const [before, now] = [recorded, found].map((text) => JSON.parse(text) as Catalogue) as [Catalogue, Catalogue];
  const all = [
    ...tableDifferences(before, now),
    ...schemasBeyond(before, now).map((schema) => `schema ${schema} was dropped`),
    ...schemasBeyond(now, before).map((schema) => `schema ${schema} was added`),
    ...changed("its operations", operationsOf(before), operationsOf(now)),
    ...changed("FOR ALL TABLES", String(before.allTables), String(now.allTables)),
    ...changed("publish_via_partition_root", String(before.viaRoot), String(now.viaRoot)),
  ];
  return all.join("; ") || "it, or something in it, was dropped and made again";
}

/** Names of the schemas of one that the other does not have. */
function schemasBeyond(one: Catalogue, other: Catalogue): string[] {
  const names = one.schemas.map(([name]) => name);
  return names.filter((name) => other.schemas.every(([each]) => each !== name));
}

function tableDifferences(before: Catalogue, now: Catalogue): string[] {
  const [old, young] = [before, now].map(({ tables }) => new Map(tables.map((table) => [table[0].join("."), table])));
  const dropped = [...old!.keys()].filter((name) => !young!.has(name)).map((name) => `table ${name} was dropped`);
  const others = [...young!].flatMap(([name, [, , columns, filter]]) => {
    const former = old!.get(name);
    if (former === undefined) return [`table ${name} was added`];
    return [
      ...changed(`the filter of ${name}`, former[3] ?? "none", filter ?? "none"),
      ...changed(`the columns of ${name}`, former[2]?.join(", ") ?? "all", columns?.join(", ") ?? "all"),
    ];
  });
  return [...dropped, ...others];
}

function changed(what: string, before: string, now: string): string[] {
  return before === now ? [] : [`${what}: ${now} in place of ${before}`];
}

function operationsOf({ operations }: Catalogue): string {
  return allOperations.filter((_, index) => operations[index]).join(", ") || "none";
}
