import { logicalPlanOf } from "../../../configs/logicalPlan.ts";
import { valuesBehind } from "../../sequences.ts";
import { type Check, pass } from "../check.ts";

/** Never fails: PostgreSQL does not replicate sequences. Tells how far each is behind, which matters before a subscriber takes writes. */
export const sequences: Check = {
  id: "sequences",
  examine: (evidence) => {
    const { primary, stack } = evidence.desired.plan;
    const found = evidence.probes.logical?.sequences;
    return (found?.[primary] ?? []).flatMap((sequence) => {
      const behind = logicalPlanOf(evidence.desired.plan).subscriptions.flatMap(({ node }) => {
        const here = found?.[node]?.find(({ name }) => name === sequence.name);
        return here === undefined ? [] : [{ node, values: valuesBehind(sequence, here) }];
      });
      return behind.map(({ node, values }) =>
        values === 0n
          ? pass(`${sequence.name}: not behind ${primary}`, node)
          : pass(
              `${sequence.name}: ${values} values behind ${primary} (${sequence.lastValue}); sequences are not replicated: \`npm run sync-sequences -- --stack ${stack}\` sets them`,
              node,
            ),
      );
    });
  },
};
