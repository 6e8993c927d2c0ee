import type { WatchedReplication } from "./clusterWatch.ts";
import { takeLogicalSample } from "./logicalSample.ts";
import { type LogicalSample, type LogicalView, logicalView } from "./logicalView.ts";
import { logicalLine, logicalTable } from "./renderLogical.ts";

/** A publisher and its subscribers: mode `logical`. */
export const logicalReplication: WatchedReplication<LogicalSample, LogicalView> = {
  database: ({ database }) => database,
  sample: takeLogicalSample,
  view: logicalView,
  table: logicalTable,
  line: logicalLine,
};
