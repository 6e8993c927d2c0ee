import type { UpContestants } from "../contestants/upContestants.ts";
import type { Measure } from "../runner/measure.ts";
import { memory } from "./memory.ts";
import { noop } from "./noop.ts";
import { program } from "./program.ts";
import { status } from "./status.ts";
import { up } from "./up.ts";

/** In the order in which they are taken: each finds what it needs, or brings it up. */
export const measures: readonly Measure<UpContestants>[] = [up, noop, status, program, memory];
