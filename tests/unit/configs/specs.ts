import type { ReadLogical } from "../../../configs/modes/modeRules.ts";
import type { RawConfig } from "../../../configs/rawConfig.ts";
import type { ClusterSpec } from "../../../configs/spec.ts";
import { loadSqlParser } from "../../../configs/sql/loadSqlParser.ts";
import { UserError } from "../../../configs/userError.ts";
import { validateSpec } from "../../../configs/validateSpec.ts";
import { readLogical } from "../../../configs/validation/readLogical.ts";

/** A valid quorum config; `overrides` replace whole keys, and undefined removes one. */
export function quorumConfig(overrides: RawConfig = {}): RawConfig {
  return {
    mode: "quorum",
    nodes: [
      { name: "pg-1", port: 5442 },
      { name: "pg-2", port: 5443 },
      { name: "pg-3", port: 5444 },
    ],
    primary: "pg-1",
    ...overrides,
  };
}

export function asyncConfig(overrides: RawConfig = {}): RawConfig {
  return quorumConfig({ mode: "async", ...overrides });
}

export function specOf(config: RawConfig, stack = "test", readLogical?: ReadLogical): ClusterSpec {
  return validateSpec({ stack, config, secure: [] }, readLogical);
}

/** The whole text that a user sees, or "" where the config is valid. */
export function faultsOf(
  config: RawConfig,
  stack = "test",
  secure: readonly string[] = [],
  readLogical?: ReadLogical,
): string {
  try {
    validateSpec({ stack, config, secure }, readLogical);
    return "";
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

/** The paths of all faults, in the order in which they are shown. */
export function faultPaths(config: RawConfig, stack = "test"): string[] {
  return [...faultsOf(config, stack).matchAll(/^ {2}(\S.*?)(?: = .*)?$/gm)].map(([, path]) => path as string);
}

const parse = await loadSqlParser();

/** A valid config of mode logical with the one file `schema.sql`; `overrides` replace whole keys, and undefined removes one. */
export function logicalConfig(overrides: RawConfig = {}): RawConfig {
  return {
    mode: "logical",
    nodes: ["pg-1", "pg-2", "pg-3", "pg-4"].map((name, index) => ({ name, port: 5452 + index })),
    primary: "pg-1",
    schema: ["schema.sql"],
    publications: [{ name: "users_pub", tables: [{ name: "public.users" }] }],
    ...overrides,
  };
}

/** Reads mode logical's keys with these schema files: texts by path, or what is wrong with a file. */
export function logicalReader(files: Readonly<Record<string, string | { readonly problem: string }>>): ReadLogical {
  const sources = Object.entries(files).map(
    ([path, text]) => [path, typeof text === "string" ? { text } : text] as const,
  );
  return readLogical(new Map(sources), parse);
}
