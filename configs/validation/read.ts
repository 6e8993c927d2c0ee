import * as v from "valibot";
import type { RawConfig } from "../rawConfig.ts";
import type { Faults } from "./faults.ts";
import { suggest } from "./suggest.ts";

/**
 * Reads one value by its schema; what is wrong goes to `faults`, and the rest of the config is read on. The schema's
 * messages say what is wrong, its description (`v.description`) says what is allowed.
 */
export function read<T>(
  schema: v.GenericSchema<unknown, T>,
  value: unknown,
  path: string,
  faults: Faults,
  remedy?: string,
): T | undefined {
  const result = v.safeParse(schema, value, { abortPipeEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  faults.add({
    path,
    value,
    problem: value === undefined ? "is missing" : issue.message,
    allowed: v.getDescription(schema) ?? issue.expected ?? "another value",
    ...(remedy && { remedy }),
  });
  return undefined;
}

/** Reads a mapping and refuses keys that are not `known`. Undefined where it is no mapping. */
export function readMapping(
  value: unknown,
  known: readonly string[],
  path: string,
  faults: Faults,
): RawConfig | undefined {
  if (!isMapping(value)) {
    faults.add({ path, value, problem: "is no mapping", allowed: `a mapping with the keys ${known.join(", ")}` });
    return undefined;
  }
  refuseUnknownKeys(value, known, path, faults);
  return value;
}

/** Reads a list that is not empty. Undefined where it is none; `allowed` says what it would hold. */
export function readList(
  value: unknown,
  path: string,
  allowed: string,
  faults: Faults,
): readonly unknown[] | undefined {
  if (Array.isArray(value) && value.length > 0) return value;
  const problem = value === undefined ? "is missing" : Array.isArray(value) ? "is empty" : "is no list";
  faults.add({ path, value, problem, allowed });
  return undefined;
}

/** How faults of a list of names are told, where it is not the usual way. */
export interface NamesTexts {
  /** What is allowed where it is no list, or an empty one. */
  readonly list?: string;
  /** What is allowed where a name stands twice. */
  readonly once?: string;
  /** What to do about a name that the schema refuses. */
  readonly remedy?: (name: string) => string | undefined;
}

/** Reads a list that is not empty and names nothing twice. Names at fault are left out; undefined where it is no such list. */
export function readNames<T extends string>(
  value: unknown,
  path: string,
  schema: v.GenericSchema<unknown, T>,
  faults: Faults,
  {
    list = `a list of one or more: ${v.getDescription(schema) ?? "names"}`,
    once = "each once",
    remedy,
  }: NamesTexts = {},
): readonly T[] | undefined {
  const entries = readList(value, path, list, faults);
  return entries?.flatMap((entry, index) => {
    const at = `${path}[${index}]`;
    const first = entries.indexOf(entry);
    if (first === index)
      return read(schema, entry, at, faults, typeof entry === "string" ? remedy?.(entry) : undefined) ?? [];
    faults.add({ path: at, value: entry, problem: `is the same as ${path}[${first}]`, allowed: once });
    return [];
  });
}

/** Refuses every value that stands before already; undefined is none. */
export function refuseRepeats(
  values: readonly (string | number | undefined)[],
  pathOf: (index: number) => string,
  allowed: string,
  faults: Faults,
): void {
  for (const [index, value] of values.entries()) {
    const first = values.indexOf(value);
    if (value === undefined || first === index) continue;
    faults.add({ path: pathOf(index), value, problem: `is the same as ${pathOf(first)}`, allowed });
  }
}

export function refuseUnknownKeys(value: RawConfig, known: readonly string[], path: string, faults: Faults): void {
  for (const key of Object.keys(value)) {
    if (known.includes(key)) continue;
    const remedy = suggest(key, known) ?? "remove it";
    faults.add({
      path: join(path, key),
      value: value[key],
      problem: "is an unknown key",
      allowed: known.join(", "),
      remedy,
    });
  }
}

/** `nodes[0]` and `port` make `nodes[0].port`. */
export function join(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}

export function isMapping(value: unknown): value is RawConfig {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
