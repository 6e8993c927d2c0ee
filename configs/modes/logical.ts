import * as v from "valibot";
import type { RawConfig } from "../rawConfig.ts";
import type { InitialCopy } from "../spec.ts";
import { refuseParts } from "../validation/baseBackup.ts";
import type { Faults } from "../validation/faults.ts";
import { checkLogicalReplication } from "../validation/logicalReplication.ts";
import { refuseOverlaps } from "../validation/overlaps.ts";
import { publicationSpec, readPublications } from "../validation/publications.ts";
import { checkPublishedContent } from "../validation/publishedContent.ts";
import { read } from "../validation/read.ts";
import { readSchemaFiles } from "../validation/schemaFiles.ts";
import { checkSchemaFiles } from "../validation/schemaStatements.ts";
import { checkSubscribers } from "../validation/subscribers.ts";
import type { ModeRules } from "./modeRules.ts";

/** One publisher, whose declared changes the subscribers apply to their own, writable data. */
export const logical: ModeRules = {
  minimumNodes: 2,
  minimumNodesReason: "a publisher without a subscriber replicates nothing",
  nodeRoles: { primary: "publisher", other: "subscriber" },
  keys: ["schema", "publications", "initialCopy"],
  readKeys(raw, cluster, faults) {
    checkSubscribers(cluster, faults);
    const initialCopy = readInitialCopy(raw, faults);
    const schemaFiles = readSchemaFiles(raw.schema, cluster.schema, faults);
    const publications = readPublications(raw.publications, cluster, faults);
    refuseOverlaps(publications, faults);
    if (initialCopy === "fromBaseBackup") refuseParts(publications, faults);
    if (cluster.schema) {
      const catalogue = checkSchemaFiles(schemaFiles, publications, cluster.schema.parse, faults);
      checkPublishedContent(publications, catalogue, cluster.schema.parse, faults);
    }
    return {
      logical: {
        schemaFiles: schemaFiles.flatMap(({ file }) => file ?? []),
        publications: publications.map(publicationSpec),
        initialCopy,
      },
    };
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

const initialCopySchema = v.pipe(
  v.picklist(["copy", "fromBaseBackup"], "is no way to copy"),
  v.description("copy (table by table, by the subscriptions), fromBaseBackup (the whole server at once)"),
);

function readInitialCopy({ initialCopy }: RawConfig, faults: Faults): InitialCopy {
  return (
    (initialCopy === undefined ? undefined : read(initialCopySchema, initialCopy, "initialCopy", faults)) ?? "copy"
  );
}
