import { type Check, fail, pass } from "../check.ts";
import { markerStages } from "./markersProbe.ts";

/** An insert, an update, a delete and a truncate on the publisher were seen on every subscriber. */
export const markers: Check = {
  id: "markers",
  examine: ({ probes, desired }) => {
    const found = probes.logical?.markers;
    if (found === undefined) return [];
    const { stack, primary } = desired.plan;
    if (found.error !== undefined) {
      const log = `look at its log: docker logs --tail 50 ${stack}-${primary}`;
      return [fail(`could not be written on ${primary}: ${found.error}`, log)];
    }
    return Object.entries(found.subscribers).map(([node, { seenAfter, error }]) => {
      const seen = markerStages.flatMap((stage) =>
        seenAfter[stage] === undefined ? [] : [`${stage} after ${seenAfter[stage].toFixed(0)} ms`],
      );
      const missed = markerStages.find((stage) => seenAfter[stage] === undefined);
      if (missed === undefined) return pass(seen.join(", "), node);
      const before = seen.length === 0 ? "" : ` (${seen.join(", ")})`;
      return fail(
        `${missed} not seen within ${probes.bound} ms: ${error ?? "not tried"}${before}`,
        "see subscriptions and logical-slots of this node",
        node,
      );
    });
  },
};
