import { checkPhysicalReplication } from "../validation/physicalReplication.ts";
import type { ModeRules } from "./modeRules.ts";

/** Physical streaming that no commit waits for: fast, and a lost primary may take its last commits with it. */
export const async: ModeRules = {
  minimumNodes: 1,
  minimumNodesReason: "a cluster has at least its primary",
  nodeRoles: { primary: "primary", other: "standby" },
  keys: [],
  readKeys: () => ({}),
  defaultParameters: {},
  checkParameters: checkPhysicalReplication,
  synchronousStandbyNames: () => "",
};
