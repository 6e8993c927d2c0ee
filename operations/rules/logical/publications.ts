import { logicalPlanOf } from "../../../configs/logicalPlan.ts";
import { declaredText, desiredPublications, publicationsOf, readableIn } from "../../logical/publications.ts";
import type { Step } from "../../step.ts";
import type { Situation } from "../rule.ts";
import { logicalOf } from "./subscribers.ts";

/** All at once. Whoever has a table that comes in another way by them, or by another of them, reads bridges meanwhile. */
export function setPublications({ desired, primary }: Situation): Step[] {
  const publisher = logicalOf(primary);
  const publications = desiredPublications(logicalPlanOf(desired.plan), publisher).filter((publication) => {
    const record = publisher.publicationRecords[publication.name];
    const found = publisher.publications.find(({ name }) => name === publication.name);
    return record?.declared !== declaredText(publication) || record.catalogue !== found?.catalogue;
  });
  return publications.length === 0 ? [] : [{ kind: "setPublications", node: primary.name, publications }];
}

/** Each subscriber's role may read what is published to it, and nothing else. */
export function grantReading(situation: Situation): Step[] {
  const { desired, primary } = situation;
  const publisher = logicalOf(primary);
  const readers = logicalPlanOf(desired.plan)
    .subscriptions.filter((plan) => {
      const granted = publisher.privileges[plan.role] ?? [];
      return JSON.stringify(readableIn(publisher, publicationsOf(plan))) !== JSON.stringify([...granted].sort());
    })
    .map((plan) => ({ role: plan.role, publications: publicationsOf(plan) }));
  return readers.length === 0 ? [] : [{ kind: "grantReading", node: primary.name, readers }];
}

/** Ours that are no longer declared, bridges among them. Nobody subscribes to them by now. */
export function dropPublications({ desired, primary }: Situation): Step[] {
  const publisher = logicalOf(primary);
  const wantedNames = new Set(desiredPublications(logicalPlanOf(desired.plan), publisher).map(({ name }) => name));
  return Object.keys(publisher.publicationRecords)
    .filter((name) => !wantedNames.has(name))
    .map((publication) => ({ kind: "dropPublication", node: primary.name, publication }));
}
