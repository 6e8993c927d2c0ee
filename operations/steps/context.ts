import type { Connections } from "../connections.ts";
import type { Desired } from "../desired.ts";
import type { NodeContainer } from "../docker.ts";
import type { Progress } from "../progress.ts";

/** What every step may use. */
export interface StepContext {
  readonly desired: Desired;
  readonly containers: Readonly<Record<string, NodeContainer>>;
  readonly connections: Connections;
  readonly progress: Progress;
}
