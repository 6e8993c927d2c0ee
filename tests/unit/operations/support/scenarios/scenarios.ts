import { accidents } from "./accidents.ts";
import { edits } from "./edits.ts";
import { installations } from "./installations.ts";
import type { Scenario } from "./scenario.ts";

/** The planner's table: every starting state that has a name. */
export const scenarios: readonly Scenario[] = [...installations, ...edits, ...accidents];
