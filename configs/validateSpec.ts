import * as v from "valibot";
import { modes } from "./modes/modes.ts";
import { type RawStack, stackConfigPath, withoutEmpty } from "./rawConfig.ts";
import type { ClusterSpec, Mode } from "./spec.ts";
import { Faults } from "./validation/faults.ts";
import { checkInteractions } from "./validation/interactions.ts";
import { databaseSchema, publishAddressSchema, stackNameSchema } from "./validation/names.ts";
import { NodeParameters } from "./validation/nodeParameters.ts";
import { readNodes, readPrimary } from "./validation/nodes.ts";
import { readParameters } from "./validation/parameters.ts";
import { read, refuseUnknownKeys } from "./validation/read.ts";
import { defaultResources, readResources } from "./validation/resources.ts";

/** Every key of a stack config; Pulumi.yaml declares the same ones, and a test holds them together. */
export const configKeys = [
  "mode",
  "nodes",
  "primary",
  "synchronous",
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
 * Turns a raw stack config into a spec with every default filled in.
 * @throws UserError that names every fault, each with its path, its value, and what is allowed.
 */
export function validateSpec({ stack, config, secure }: RawStack): ClusterSpec {
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
  for (const { path, own, resources, memoryPath } of nodes ?? []) {
    const surroundings = { standbys: (nodes?.length ?? 1) - 1, mode: rules, memory: resources.memory, memoryPath };
    checkInteractions(new NodeParameters(path, parameters, own), surroundings, faults);
  }
  // Where the mode itself is at fault, the one that has `synchronous` checks it: all faults at once.
  const synchronous = (rules ?? modes.quorum).readSynchronous(raw, nodes?.length, faults);
  const optional = <T>(key: keyof typeof configDefaults, schema: v.GenericSchema<unknown, T>) =>
    read(schema, raw[key] ?? configDefaults[key], key, faults);
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
    ...(synchronous && { synchronous }),
    database: optional("database", databaseSchema),
    publishAddress: optional("publishAddress", publishAddressSchema),
    postgresVersion: optional("postgresVersion", postgresVersionSchema),
  };
  faults.throwIfAny(stackConfigPath(stack));
  // Without a fault every field was read.
  return spec as ClusterSpec;
}
