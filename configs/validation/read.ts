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
