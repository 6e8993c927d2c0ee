import { checkLogicalReplication } from "../validation/logicalReplication.ts";
import type { ModeRules } from "./modeRules.ts";

/** One publisher, whose declared changes the subscribers apply to their own, writable data. */
export const logical: ModeRules = {
  minimumNodes: 2,
  minimumNodesReason: "a publisher without a subscriber replicates nothing",
  nodeRoles: { primary: "publisher", other: "subscriber" },
  keys: ["schema", "publications", "initialCopy"],
  readKeys(raw, cluster, faults) {
    if (!cluster.readLogical) throw new Error("Mode logical was not handed its reader (loadLogicalReader)");
    return { logical: cluster.readLogical(raw, cluster, faults) };
  },
  defaultParameters: {
    // One subscription a node: its leader, four tables copied at a time, two to apply large transactions in parallel.
    max_logical_replication_workers: "8",
    // A slot and a WAL sender for each subscription and each table that it copies: ten subscribers, as with standbys.
    max_replication_slots: "50",
    max_sync_workers_per_subscription: "4",
    max_wal_senders: "50",
    // Logical replication's, PostgreSQL's usual 8 for parallel queries, and a few for extensions.
    max_worker_processes: "20",
  },
  checkParameters: checkLogicalReplication,
  synchronousStandbyNames: () => "",
};
