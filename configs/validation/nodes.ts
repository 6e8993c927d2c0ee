import type { ResourcesSpec } from "../spec.ts";
import type { Faults } from "./faults.ts";
import { nodeNameSchema, portSchema } from "./names.ts";
import type { Parameters } from "./nodeParameters.ts";
import { readParameters } from "./parameters.ts";
import { isMapping, read, readList, readMapping, refuseRepeats } from "./read.ts";
import { readResources } from "./resources.ts";
import { suggest } from "./suggest.ts";

/** One entry of `nodes`, as far as it could be read. */
export interface ReadNode {
  /** `nodes[1]`. */
  readonly path: string;
  readonly name: string | undefined;
  readonly port: number | undefined;
  readonly own: Parameters;
  readonly resources: ResourcesSpec;
  readonly memoryPath: string;
}

/** Reads `nodes`. What is wrong goes to `faults`; undefined where it is no list. */
export function readNodes(
  raw: unknown,
  stack: string,
  clusterResources: ResourcesSpec,
  faults: Faults,
): readonly ReadNode[] | undefined {
  const entries = readList(raw, "nodes", "a list of nodes, each { name: pg-1, port: 5432 }", faults);
  if (!entries) return undefined;
  const nameSchema = nodeNameSchema(stack);
  const nodes = entries.map((entry, index): ReadNode => {
    const path = `nodes[${index}]`;
    const given = readMapping(entry, ["name", "port", "parameters", "resources"], path, faults);
    const resources = given?.resources;
    return {
      path,
      name: given && read(nameSchema, given.name, `${path}.name`, faults),
      port: given && read(portSchema, given.port, `${path}.port`, faults),
      own: readParameters(given?.parameters, `${path}.parameters`, faults),
      resources: readResources(resources, clusterResources, `${path}.resources`, faults),
      memoryPath: isMapping(resources) && "memory" in resources ? `${path}.resources.memory` : "resources.memory",
    };
  });
  for (const key of ["name", "port"] as const) {
    const values = nodes.map((node) => node[key]);
    refuseRepeats(values, (index) => `nodes[${index}].${key}`, `a ${key} that no other node has`, faults);
  }
  return nodes;
}

/** Reads `primary`: the name of one of the nodes. Where no node has a name, that is the fault, and is reported there. */
export function readPrimary(raw: unknown, rawNodes: unknown, faults: Faults): string | undefined {
  // The names as they were given: a name that is itself at fault is reported once, where it stands.
  const names = (Array.isArray(rawNodes) ? rawNodes : [])
    .map((node: unknown) => (isMapping(node) ? node.name : undefined))
    .filter((name) => typeof name === "string");
  if (typeof raw === "string" && (names.length === 0 || names.includes(raw))) return raw;
  const problem = raw === undefined ? "is missing" : "is the name of no node";
  const allowed = names.length > 0 ? [...new Set(names)].join(", ") : "the name of one of the nodes";
  const remedy = typeof raw === "string" ? suggest(raw, names) : undefined;
  faults.add({ path: "primary", value: raw, problem, allowed, ...(remedy && { remedy }) });
  return undefined;
}
