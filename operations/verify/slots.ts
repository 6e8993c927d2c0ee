import type { Check } from "./check.ts";
import { fail, pass, primaryOf, runUp, standbysOf } from "./check.ts";

export const slots: Check = {
  id: "slots",
  examine: (evidence) => {
    const primary = primaryOf(evidence);
    if (primary?.server === undefined) return [];
    const { slots: found } = primary.server;
    const expected = new Map(standbysOf(evidence).map(({ name }) => [evidence.desired.nodes[name]!.plan.slot, name]));
    const unknown = found.filter(({ name, active }) => !expected.has(name) && !active);
    return [
      ...[...expected].map(([slot, node]) => {
        const row = found.find(({ name }) => name === slot);
        if (row === undefined) return fail(`slot ${slot} is missing on ${primary.name}`, runUp(evidence), node);
        if (row.walStatus === "lost") {
          return fail(`slot ${slot} lost WAL that the standby needs; it has to be cloned again`, runUp(evidence), node);
        }
        if (!row.active)
          return fail(`slot ${slot} is not in use, and holds back WAL`, "see streaming of this node", node);
        if (row.walStatus === "unreserved") {
          return fail(
            `slot ${slot} is about to lose WAL (wal_status unreserved)`,
            "find out why the standby lags",
            node,
          );
        }
        return pass(`${slot}: ${row.walStatus}, ${row.retainedBytes ?? 0} bytes of WAL held`, node);
      }),
      ...unknown.map(({ name, retainedBytes }) =>
        fail(
          `slot ${name} on ${primary.name} belongs to no node of the plan, is not in use and holds back ${retainedBytes ?? 0} bytes of WAL`,
          `if nothing needs it: SELECT pg_drop_replication_slot('${name}');`,
        ),
      ),
    ];
  },
};
