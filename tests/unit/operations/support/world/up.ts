import type { Desired } from "../../../../../operations/desired.ts";
import { type Outcome, runUp, type UpOptions } from "../runUp.ts";
import { look } from "./look.ts";
import { perform } from "./perform.ts";
import { settle } from "./servers.ts";
import type { World } from "./world.ts";

/** `up`, with the world in place of Docker. */
export function up(world: World, desired: Desired, options?: UpOptions): Outcome {
  const names = desired.plan.nodes.map(({ name }) => name);
  const machine = {
    look: () => look(world, names),
    perform: (step: Parameters<typeof perform>[2]) => perform(world, desired, step),
    settle: () => settle(world),
  };
  return runUp(machine, desired, options);
}
