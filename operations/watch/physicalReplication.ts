import { superuserDatabase } from "../sql.ts";
import type { WatchedReplication } from "./clusterWatch.ts";
import { type PhysicalSample, takePhysicalSample } from "./physicalSample.ts";
import { type PhysicalView, physicalView } from "./physicalView.ts";
import { physicalLine, physicalTable } from "./renderPhysical.ts";

/** A primary and its standbys: modes `async` and `quorum`. */
export const physicalReplication: WatchedReplication<PhysicalSample, PhysicalView> = {
  // Not the application's, whose transactions are counted: those of the watcher would be among them.
  database: () => superuserDatabase,
  sample: (client, { database }) => takePhysicalSample(client, database),
  view: physicalView,
  table: physicalTable,
  line: physicalLine,
};
