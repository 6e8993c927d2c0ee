import type { RawConfig } from "../../../configs/rawConfig.ts";
import type { SchemaSources } from "../../../configs/schemaSources.ts";
import type { ClusterSpec } from "../../../configs/spec.ts";
import { loadSqlParser } from "../../../configs/sql/loadSqlParser.ts";
import { UserError } from "../../../configs/userError.ts";
import { validateSpec } from "../../../configs/validateSpec.ts";

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

export function specOf(config: RawConfig, stack = "test", schema?: SchemaSources): ClusterSpec {
  return validateSpec({ stack, config, secure: [] }, schema);
}

/** The whole text that a user sees, or "" where the config is valid. */
export function faultsOf(
  config: RawConfig,
  stack = "test",
  secure: readonly string[] = [],
  schema?: SchemaSources,
): string {
  try {
    validateSpec({ stack, config, secure }, schema);
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

export const parseSql = await loadSqlParser();

/** A valid config of mode logical for the files of `schemaSources`; `overrides` replace whole keys, and undefined removes one. */
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

/** Schema files as if they had been read, by path. */
export function schemaSources(texts: Readonly<Record<string, string>>): SchemaSources {
  return { parse: parseSql, files: new Map(Object.entries(texts).map(([path, text]) => [path, { text }])) };
}
