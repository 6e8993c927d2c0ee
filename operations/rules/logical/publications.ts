import { logicalPlanOf } from "../../../configs/logicalPlan.ts";
import {
  declaredText,
  desiredPublications,
  publicationsOf,
  readableIn,
  withoutCopiedAnew,
} from "../../logical/publications.ts";
import type { Step } from "../../step.ts";
import type { Situation } from "../rule.ts";
import { logicalOf, subscribers } from "./subscribers.ts";

/** All at once: a table that goes from one to another is never in both, nor in none. */
export function setPublications(situation: Situation): Step[] {
  const { desired, primary } = situation;
  const publisher = logicalOf(primary);
  const all = subscribers(situation);
  const publications = desiredPublications(logicalPlanOf(desired.plan), publisher)
    .map((whole) => {
      const readers = all.filter(({ plan }) => plan !== undefined && publicationsOf(plan).includes(whole.name));
      const logicals = readers.map(({ logical }) => logical);
      return withoutCopiedAnew(whole, publisher, logicals);
    })
    .filter((publication) => {
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

/** Ours that are no longer declared. Nobody subscribes to them by now. */
export function dropPublications({ desired, primary }: Situation): Step[] {
  const publisher = logicalOf(primary);
  const wantedNames = new Set(desiredPublications(logicalPlanOf(desired.plan), publisher).map(({ name }) => name));
  return Object.keys(publisher.publicationRecords)
    .filter((name) => !wantedNames.has(name))
    .map((publication) => ({ kind: "dropPublication", node: primary.name, publication }));
}
