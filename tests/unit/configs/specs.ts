import type { ReadLogical } from "../../../configs/modes/modeRules.ts";
import type { RawConfig } from "../../../configs/rawConfig.ts";
import type { ClusterSpec } from "../../../configs/spec.ts";
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
