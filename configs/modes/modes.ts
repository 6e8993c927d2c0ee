import type { Mode } from "../spec.ts";
import { async } from "./async.ts";
import { logical } from "./logical.ts";
import type { ModeRules } from "./modeRules.ts";
import { quorum } from "./quorum.ts";

/** Every mode with its rules. The type makes it exhaustive: a mode without rules does not compile. */
export const modes: Readonly<Record<Mode, ModeRules>> = { async, quorum, logical };
