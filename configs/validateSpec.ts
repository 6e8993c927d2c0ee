import * as v from "valibot";
import type { ModeRules, ModeSpec, ReadCluster, ReadLogical } from "./modes/modeRules.ts";
import { modes } from "./modes/modes.ts";
import { type RawConfig, type RawStack, stackConfigPath, withoutEmpty } from "./rawConfig.ts";
import { defaultsOf } from "./render/parameterLayers.ts";
import type { ClusterSpec, Mode } from "./spec.ts";
import { Faults } from "./validation/faults.ts";
import { checkInteractions } from "./validation/interactions.ts";
import { databaseSchema, publishAddressSchema, stackNameSchema } from "./validation/names.ts";
import { NodeParameters, type Parameters } from "./validation/nodeParameters.ts";
import { type ReadNode, readNodes, readPrimary } from "./validation/nodes.ts";
import { readParameters } from "./validation/parameters.ts";
import { read, refuseUnknownKeys } from "./validation/read.ts";
import { defaultResources, readResources } from "./validation/resources.ts";

/** Every key of a stack config; Pulumi.yaml declares the same ones, and a test holds them together. */
export const configKeys = [
  "mode",
  "nodes",
  "primary",
  "synchronous",
  "schema",
  "publications",
  "initialCopy",
  "parameters",
  "resources",
  "database",
  "publishAddress",
  "postgresVersion",
  "failover",
] as const;

/** What holds where a stack config says nothing. Pulumi.yaml declares the same. */
export const configDefaults = {
  database: "app",
  publishAddress: "127.0.0.1",
  postgresVersion: 17,
  failover: "manual",
} as const;

const modeNames = Object.keys(modes) as Mode[];
const modeSchema = v.pipe(v.picklist(modeNames, "is no mode"), v.description(modeNames.join(", ")));

const failoverSchema = v.pipe(
  v.picklist(["manual"], "is not supported"),
  v.description("manual; automatic failover comes in a later version"),
);

/** Pulumi hands a top-level number over as text. */
const postgresVersionSchema = v.pipe(
  v.union([v.literal(17), v.literal("17")], "is not supported"),
  v.transform(Number),
  v.description("17, the version that the node image installs"),
);

/**
 * Turns a raw stack config into a spec with every default filled in. Pure: what reads files and loads a parser for mode logical is
 * done before, and handed over (`loadLogicalReader`).
 * @throws UserError that names every fault, each with its path, its value, and what is allowed.
 */
export function validateSpec({ stack, config, secure }: RawStack, readLogical?: ReadLogical): ClusterSpec {
  const faults = new Faults(secure);
  const raw = withoutEmpty(config);
  refuseUnknownKeys(config, configKeys, "", faults);
  read(stackNameSchema, stack, "the stack's name", faults);

  const mode = read(modeSchema, raw.mode, "mode", faults);
  const rules = mode && modes[mode];
  const parameters = readParameters(raw.parameters, "parameters", faults);
  const resources = readResources(raw.resources, defaultResources, "resources", faults);
  const nodes = readNodes(raw.nodes, stack, resources, faults);
  const primary = readPrimary(raw.primary, raw.nodes, faults);
  if (rules && nodes && nodes.length < rules.minimumNodes) {
    const problem = `are too few for mode ${mode}: ${rules.minimumNodesReason}`;
    const value = nodes.map(({ name }) => name);
    faults.add({ path: "nodes", value, problem, allowed: `${rules.minimumNodes} nodes or more` });
  }
  // Where the mode itself is at fault, replication that no commit waits for is assumed: all faults at once.
  checkParameters(nodes ?? [], primary, parameters, rules ?? modes.async, faults);
  const optional = <T>(key: keyof typeof configDefaults, schema: v.GenericSchema<unknown, T>) =>
    read(schema, raw[key] ?? configDefaults[key], key, faults);
  const database = optional("database", databaseSchema);
  const cluster = { nodes: nodes?.map(({ name }) => name), primary, database, readLogical };
  const spec = {
    stack,
    mode,
    failover: optional("failover", failoverSchema),
    nodes: nodes?.map(({ name, port, own, resources }) => ({
      name,
      port,
      parameters: { ...parameters, ...own },
      resources,
    })),
    primary,
    ...readKeysOfModes(raw, mode, cluster, faults),
    database,
    publishAddress: optional("publishAddress", publishAddressSchema),
    postgresVersion: optional("postgresVersion", postgresVersionSchema),
  };
  faults.throwIfAny(stackConfigPath(stack));
  // Without a fault every field was read.
  return spec as ClusterSpec;
}

function checkParameters(
  nodes: readonly ReadNode[],
  primary: string | undefined,
  cluster: Parameters,
  rules: ModeRules,
  faults: Faults,
): void {
  const defaults = defaultsOf(rules);
  const read = nodes.map((node) => ({
    ...node,
    parameters: new NodeParameters(node.path, defaults, cluster, node.own),
  }));
  for (const { parameters, resources, memoryPath } of read) {
    checkInteractions(parameters, { memory: resources.memory, memoryPath }, faults);
  }
  const declared = read.find(({ name }) => name !== undefined && name === primary);
  const all = read.map(({ parameters }) => parameters);
  rules.checkParameters(all, declared?.parameters, faults);
}

/** Reads the keys of the stack's mode and refuses those of the others. Where the mode itself is at fault, each mode reads its own. */
function readKeysOfModes(raw: RawConfig, mode: Mode | undefined, cluster: ReadCluster, faults: Faults): ModeSpec {
  for (const other of modeNames.filter((name) => name !== mode)) {
    const found = modes[other].keys.filter((key) => raw[key] !== undefined);
    if (mode === undefined && found.length > 0) modes[other].readKeys(raw, cluster, faults);
    if (mode === undefined) continue;
    for (const path of found) {
      faults.add({
        path,
        value: raw[path],
        problem: `belongs to mode ${other}, and the mode is ${mode}`,
        allowed: `nothing in mode ${mode}`,
        remedy: `remove it, or set postgres-cluster:mode to ${other}`,
      });
    }
  }
  return mode === undefined ? {} : modes[mode].readKeys(raw, cluster, faults);
}
