import type { InitialCopy } from "../../configs/spec.ts";
import type { LogicalCluster } from "../contestants/logicalCluster.ts";
import type { Measure } from "../runner/measure.ts";

export const initialCopies: readonly InitialCopy[] = ["copy", "fromBaseBackup"];

/** Name of a contestant's figure for the command without its last part, which is the same for both. */
export const unverified = (initialCopy: InitialCopy) => `${initialCopy}, without the verification`;

/** A subscriber is added to a publisher that has rows: copied table by table, or made from a base backup. `size`: how large it is, for people. */
export const initialCopy = (size: string): Measure<LogicalCluster> => ({
  id: "initialCopy",
  title: `npm run up that adds a subscriber to a publisher of ${size}`,
  unit: "s",
  targets: [],
  contestants: async (cluster) =>
    initialCopies.map((each) => ({
      async run() {
        const { whole, verification } = await cluster.addSubscriber(each);
        return { [each]: whole / 1000, [unverified(each)]: (whole - verification) / 1000 };
      },
    })),
});
