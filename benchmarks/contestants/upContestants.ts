import type { World } from "../runner/world.ts";
import { BareProgram } from "./bareProgram.ts";
import { ComposeCluster } from "./composeCluster.ts";
import { OurCluster } from "./ourCluster.ts";

/** What bench:up compares. */
export interface UpContestants {
  readonly ours: OurCluster;
  readonly compose: ComposeCluster;
  readonly bare: BareProgram;
  readonly run: World["run"];
}

const nodes = 3;

/** Nothing is started yet. */
export async function createUpContestants({ cli, places, run }: World): Promise<UpContestants> {
  const [ours, compose, bare] = await places(nodes, "ours", "compose", "bare");
  return {
    ours: new OurCluster(ours, cli),
    compose: new ComposeCluster(compose),
    bare: new BareProgram(bare, cli),
    run,
  };
}
