import { baseBackup, checksums } from "../../../../operations/verify/integrity.ts";
import { describeCheck } from "../support/describeCheck.ts";
import { type Fault, node, server } from "../support/evidence.ts";

describeCheck(checksums, [
  {
    fault: "off",
    evidence: server("pg-1", { settings: { data_checksums: "off" } }),
    on: "pg-1",
    says: /off/,
    remedy: /pg_checksums/,
  },
  {
    fault: "pages that failed",
    evidence: server("pg-3", { checksumFailures: 2 }),
    on: "pg-3",
    says: /2 pages failed/,
    remedy: /storage/,
  },
]);

const withoutNote: Fault = (evidence) => {
  const { baseBackup: _, ...volumes } = evidence.observed.nodes[1]!.volumes!;
  return node("pg-2", { volumes })(evidence);
};

describeCheck(baseBackup, [
  {
    fault: "data of unknown origin",
    evidence: withoutNote,
    on: "pg-2",
    says: /no verified base backup/,
    remedy: /npm run up/,
  },
]);
