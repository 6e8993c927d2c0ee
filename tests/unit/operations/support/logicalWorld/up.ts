import { upOf } from "../runUp.ts";
import { look } from "./look.ts";
import { perform } from "./perform.ts";
import { settle } from "./workers.ts";
import type { LogicalWorld } from "./world.ts";

/** `up`, with the world in place of Docker. */
export const up = upOf<LogicalWorld>({ look, perform, settle });
