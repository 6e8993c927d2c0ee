import { hotStandbyLimits } from "../hotStandbyLimits.ts";
import type { Faults } from "./faults.ts";
import type { NodeParameters } from "./nodeParameters.ts";
import { type Report, reporter } from "./report.ts";

/** Finds parameters with which standbys could not follow their primary. Every node may become primary. */
export function checkPhysicalReplication(
  nodes: readonly NodeParameters[],
  _primary: NodeParameters | undefined,
  faults: Faults,
): void {
  for (const node of nodes) {
    const report = reporter(node, faults);
    checkSameOnEveryNode(node, report);
    checkStandbys(node, nodes.length - 1, report);
  }
}

/** Any node may become primary. */
function checkSameOnEveryNode(node: NodeParameters, report: Report): void {
  for (const name of hotStandbyLimits.filter((each) => each in node.own)) {
    const problem = "must be the same on every node: a standby with less than its primary refuses to start";
    report([name], problem, "a value in the cluster's `parameters` only");
  }
}

function checkStandbys(node: NodeParameters, standbys: number, report: Report): void {
  if (node.number("max_wal_senders") < 2 * standbys) {
    const problem = `is too few for ${standbys} standbys: each holds two while it is cloned`;
    report(["max_wal_senders"], problem, `an integer from ${2 * standbys}`);
  }
  if (node.number("max_replication_slots") < standbys) {
    const problem = `is too few for ${standbys} standbys: each has a slot of its own`;
    report(["max_replication_slots"], problem, `an integer from ${standbys}`);
  }
}
