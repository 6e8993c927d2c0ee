import * as v from "valibot";
import type { RawConfig } from "../rawConfig.ts";
import type { SynchronousSpec } from "../spec.ts";
import type { Faults } from "../validation/faults.ts";
import type { NodeParameters } from "../validation/nodeParameters.ts";
import { checkPhysicalReplication } from "../validation/physicalReplication.ts";
import { read, readMapping } from "../validation/read.ts";
import { reporter } from "../validation/report.ts";
import type { ModeRules } from "./modeRules.ts";

/**
 * A commit is acknowledged once `number` standbys have flushed it. All nodes are named on all nodes: a node is never its own
 * standby, so the value stays the same through a switchover (manual, "synchronous_standby_names").
 */
export const quorum: ModeRules = {
  minimumNodes: 3,
  minimumNodesReason: "every commit waits for a standby, so with a single one its loss would block all writes",
  nodeRoles: { primary: "primary", other: "standby" },
  keys: ["synchronous"],
  readKeys: (raw, { nodes }, faults) => ({ synchronous: readSynchronous(raw, nodes?.length, faults) }),
  defaultParameters: {},
  checkParameters(nodes, primary, faults) {
    for (const node of nodes) checkSynchronousCommit(node, faults);
    checkPhysicalReplication(nodes, primary, faults);
  },
  synchronousStandbyNames({ nodes, synchronous }) {
    if (!synchronous) throw new Error("A quorum without `synchronous`; validation should have filled it in");
    const names = nodes.map(({ name }) => `"${name.replaceAll('"', '""')}"`);
    return `${synchronous.method.toUpperCase()} ${synchronous.number} (${names.join(", ")})`;
  },
};

function checkSynchronousCommit(node: NodeParameters, faults: Faults): void {
  const allowed = ["on", "remote_apply"];
  if (allowed.includes(node.text("synchronous_commit"))) return;
  const problem =
    "in quorum mode a commit is acknowledged once standbys have flushed it; anything less voids that promise";
  reporter(node, faults)(["synchronous_commit"], problem, allowed.join(", "));
}

const defaults: SynchronousSpec = { method: "any", number: 1, dataDurability: "required" };

const methodSchema = v.pipe(
  v.picklist(["any", "first"], "is no method"),
  v.description("any (whichever standbys are quickest) or first (in the order of the nodes)"),
);

const dataDurabilitySchema = v.pipe(
  v.picklist(["required"], "is not available (preferred, with which writes go on without standbys, is not built yet)"),
  v.description("required (writes wait while standbys are missing)"),
);

function readSynchronous(raw: RawConfig, nodeCount: number | undefined, faults: Faults): SynchronousSpec {
  if (raw.synchronous === undefined) return defaults;
  const given = readMapping(raw.synchronous, Object.keys(defaults), "synchronous", faults) ?? {};
  const field = <T>(key: keyof SynchronousSpec, schema: v.GenericSchema<unknown, T>) =>
    given[key] === undefined ? undefined : read(schema, given[key], `synchronous.${key}`, faults);
  return {
    method: field("method", methodSchema) ?? defaults.method,
    number: field("number", numberSchema(nodeCount === undefined ? undefined : nodeCount - 1)) ?? defaults.number,
    dataDurability: field("dataDurability", dataDurabilitySchema) ?? defaults.dataDurability,
  };
}

/** One standby must be to spare, or the loss of any would block all writes. Without known nodes there is no upper limit. */
function numberSchema(standbys: number | undefined) {
  const most = standbys === undefined ? Number.POSITIVE_INFINITY : Math.max(1, standbys - 1);
  const range = most === 1 ? "1" : most < Number.POSITIVE_INFINITY ? `1 to ${most}` : "1 or more";
  return v.pipe(
    v.number("is no number"),
    v.integer("is no whole number"),
    v.minValue(1, "asks for no standby at all"),
    v.maxValue(most, `leaves none of the ${standbys} standbys to spare: the loss of one would block every write`),
    v.description(`${range}: fewer than there are standbys`),
  );
}
