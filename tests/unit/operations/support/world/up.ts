import { upOf } from "../runUp.ts";
import { look } from "./look.ts";
import { perform } from "./perform.ts";
import { settle } from "./servers.ts";
import type { World } from "./world.ts";

/** `up`, with the world in place of Docker. */
export const up = upOf<World>({ look, perform, settle });
