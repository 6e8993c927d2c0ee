import { operations as allOperations } from "../../../configs/spec.ts";
import type { ObservedLogical } from "../../logical/observedLogical.ts";
import {
  type Catalogue,
  type DesiredPublication,
  declaredText,
  desiredPublications,
} from "../../logical/publications.ts";
import { type Check, type Finding, fail, pass, runUp } from "../check.ts";
import { logicalPlanOf, publisherOf } from "./logicalEvidence.ts";

/** What the publisher's catalogue has is what was declared: nothing was left undone, and nothing was altered by hand since. */
export const publications: Check = {
  id: "publications",
  examine: (evidence) => {
    const publisher = publisherOf(evidence);
    if (publisher === undefined) return [];
    const desired = desiredPublications(logicalPlanOf(evidence), publisher);
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
  const [had, has] = [before, now].map(({ schemas }) => schemas.map(([schema]) => schema)) as [string[], string[]];
  const all = [
    ...(before.oid === now.oid ? [] : ["it was dropped and made again"]),
    ...tableDifferences(before, now),
    ...had.filter((schema) => !has.includes(schema)).map((schema) => `schema ${schema} was dropped`),
    ...has.filter((schema) => !had.includes(schema)).map((schema) => `schema ${schema} was added`),
    ...changed("its operations", operationsOf(before), operationsOf(now)),
    ...changed("FOR ALL TABLES", String(before.allTables), String(now.allTables)),
    ...changed("publish_via_partition_root", String(before.viaRoot), String(now.viaRoot)),
  ];
  return all.join("; ") || "compare it with pg_publication";
}

function tableDifferences(before: Catalogue, now: Catalogue): string[] {
  const [old, young] = [before, now].map(({ tables }) => new Map(tables.map((table) => [table[0].join("."), table])));
  const dropped = [...old!.keys()].filter((name) => !young!.has(name)).map((name) => `table ${name} was dropped`);
  const others = [...young!].flatMap(([name, [, oid, columns, filter]]) => {
    const former = old!.get(name);
    if (former === undefined) return [`table ${name} was added`];
    const all = [
      ...changed(`the filter of ${name}`, former[3] ?? "none", filter ?? "none"),
      ...changed(`the columns of ${name}`, former[2]?.join(", ") ?? "all", columns?.join(", ") ?? "all"),
    ];
    return all.length > 0 || former[1] === oid ? all : [`table ${name} was taken out and put back`];
  });
  return [...dropped, ...others];
}

function changed(what: string, before: string, now: string): string[] {
  return before === now ? [] : [`${what}: ${now} in place of ${before}`];
}

function operationsOf({ operations }: Catalogue): string {
  return allOperations.filter((_, index) => operations[index]).join(", ") || "none";
}
