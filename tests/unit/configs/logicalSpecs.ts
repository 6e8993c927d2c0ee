import type { ReadLogical } from "../../../configs/modes/modeRules.ts";
import type { RawConfig } from "../../../configs/rawConfig.ts";
import { loadSqlParser } from "../../../configs/sql/loadSqlParser.ts";
import { readLogical } from "../../../configs/validation/readLogical.ts";
import { faultsOf } from "./specs.ts";

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

/** Schema files by path: their texts, or what is wrong with a file. */
export type SchemaFiles = Readonly<Record<string, string | { readonly problem: string }>>;

/** Reads mode logical's keys with these schema files. */
export function logicalReader(files: SchemaFiles): ReadLogical {
  const sources = Object.entries(files).map(
    ([path, text]) => [path, typeof text === "string" ? { text } : text] as const,
  );
  return readLogical(new Map(sources), parse);
}

/** What a user sees of a config of mode logical, or "" where it is valid. */
export function logicalFaults(overrides: RawConfig, files: SchemaFiles, stack = "test"): string {
  return faultsOf(logicalConfig(overrides), stack, [], logicalReader(files));
}
