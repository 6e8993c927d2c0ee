import { logicalPlanOf } from "../../../configs/logicalPlan.ts";
import { isTable, shown } from "../../../configs/tableName.ts";
import { definitionsIn, subscribedPublications } from "../../logical/publications.ts";
import { type Check, fail, pass, runUp } from "../check.ts";
import { eachSubscriber, publisherOf } from "./logicalEvidence.ts";

/** pg_subscription_rel.srsubstate, in words. */
const states: Readonly<Record<string, string>> = {
  i: "waits to be copied",
  d: "is being copied",
  f: "is copied, and catches up",
  s: "is copied, and catches up",
};

/** Every published table is subscribed, copied, and part of the stream. */
export const tablesReady: Check = {
  id: "tables-ready",
  examine: (evidence) =>
    eachSubscriber(evidence, ({ subscription, logical }) => {
      const { node, name } = subscription;
      const publisher = publisherOf(evidence);
      const found = logical.subscriptions.find((each) => each.name === name);
      if (publisher === undefined || found === undefined) return [];
      const wanted = subscribedPublications(logicalPlanOf(evidence.desired.plan), publisher, subscription).flatMap(
        (publication) => [...definitionsIn(publication, publisher).values()],
      );
      const problems = wanted.flatMap((table) => {
        const state = found.tables.find(isTable(table))?.state;
        if (state === "r") return [];
        return [
          `${shown(table)} ${state === undefined ? "is not subscribed" : (states[state] ?? `is in state ${state}`)}`,
        ];
      });
      if (problems.length === 0) return pass(`${wanted.length} tables are ready`, node);
      return fail(
        `${problems.length} of ${wanted.length} tables are not ready: ${problems.join("; ")}`,
        `wait while rows are copied; if it does not go on, ${runUp(evidence)}`,
        node,
      );
    }),
};
