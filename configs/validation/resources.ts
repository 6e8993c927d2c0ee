import * as v from "valibot";
import { parseReal } from "../catalogue/number.ts";
import type { ResourcesSpec } from "../spec.ts";
import type { Faults } from "./faults.ts";
import { join, read, readMapping } from "./read.ts";

const MB = 1024 ** 2;

/** Enough for PostgreSQL's defaults with a hundred connections. */
export const defaultResources: ResourcesSpec = { memory: 1024 * MB, shmSize: 256 * MB };

/** A size in bytes, written as in PostgreSQL; whole megabytes, because Docker's limits are set in those. */
function sizeSchema(smallestMB: number) {
  return v.pipe(
    v.string("is no text with a unit"),
    v.regex(/[A-Za-z]\s*$/, "has no unit"),
    v.rawTransform(({ dataset, addIssue, NEVER }) => {
      const result = parseReal(dataset.value, "B");
      if (!("problem" in result)) return result.number;
      addIssue({ message: result.problem });
      return NEVER;
    }),
    v.check((bytes) => bytes % MB === 0, "is no whole number of megabytes"),
    v.minValue(smallestMB * MB, "is too little for PostgreSQL to start"),
    v.description(
      `${smallestMB}MB or more, in whole megabytes, as PostgreSQL writes sizes: 512MB, 2GB (units kB, MB, GB, TB)`,
    ),
  );
}

const memorySchema = sizeSchema(64);
const shmSizeSchema = sizeSchema(16);
const cpusSchema = v.pipe(
  v.number("is no number"),
  v.minValue(0.01, "is less than Docker grants"),
  v.description("a number of cores, 0.01 or more: 1.5"),
);

/** Reads one `resources` mapping; what it does not say comes from `inherited`. */
export function readResources(raw: unknown, inherited: ResourcesSpec, path: string, faults: Faults): ResourcesSpec {
  if (raw === undefined) return inherited;
  const given = readMapping(raw, ["memory", "shmSize", "cpus"], path, faults);
  if (!given) return inherited;
  const field = (key: keyof ResourcesSpec, schema: v.GenericSchema<unknown, number>) =>
    (given[key] === undefined ? undefined : read(schema, given[key], join(path, key), faults)) ?? inherited[key];
  const cpus = field("cpus", cpusSchema);
  return {
    memory: field("memory", memorySchema) ?? inherited.memory,
    shmSize: field("shmSize", shmSizeSchema) ?? inherited.shmSize,
    ...(cpus !== undefined && { cpus }),
  };
}
