import type pg from "pg";
import { every } from "../every.ts";
import { isStatementError, type ServerMessage } from "./rowOutcome.ts";
import type { AcceptedWrite } from "./splitBrain.ts";
import { cut, type WitnessTarget } from "./witnessTarget.ts";

/** What one node did with the writes that were tried on it. */
export interface ProbedNode {
  readonly accepted: AcceptedWrite[];
  /** By an error, as a standby refuses. */
  refused: number;
  /** Nobody there, or no answer in time. */
  unanswered: number;
}

export interface NodeProbe {
  readonly target: WitnessTarget;
  readonly node: string;
  /** SQL; returns the timeline. */
  readonly insert: string;
  /** Milliseconds. */
  readonly interval: number;
  /** Milliseconds since the witness began. */
  readonly now: () => number;
}

/**
 * Tries a write on a node's own endpoint at every interval, whatever the node is, until it is told to end. The write waits for no standby: a
 * primary that is cut off from them accepts it. One that hangs is given up in time, and holds up nobody but the node's next one.
 */
export async function probeNode(probe: NodeProbe, found: ProbedNode, ended: AbortSignal): Promise<void> {
  const { target, node, insert, interval, now } = probe;
  let client: pg.Client | undefined;
  await every(interval, ended, async () => {
    try {
      if (client === undefined) {
        client = target.client(node, { synchronous_commit: "local" });
        await client.connect();
      }
      const sentAt = now();
      const { rows } = await client.query<{ timeline: number }>(insert);
      found.accepted.push({ node, timeline: rows[0]!.timeline, sentAt, acknowledgedAt: now() });
    } catch (error) {
      if (isStatementError(error as ServerMessage)) {
        found.refused++;
        return;
      }
      found.unanswered++;
      if (client !== undefined) cut(client);
      client = undefined;
    }
  });
  if (client !== undefined) cut(client);
}
