import type { Rule } from "./rule.ts";

/** Mode logical: a publisher, and subscribers that each have data of their own. */
export const logicalRules: readonly Rule[] = [];
