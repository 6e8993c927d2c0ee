import { setTimeout as delay } from "node:timers/promises";
import type pg from "pg";
import { ignoreAbort } from "../until.ts";
import { currentTimeline } from "./currentTimeline.ts";
import type { ServerMessage } from "./rowOutcome.ts";
import { cut, type WitnessTarget } from "./witnessTarget.ts";

/** A session on a node that accepts writes. A primary stays on its timeline for as long as its sessions live. */
export interface ReadWriteSession {
  readonly client: pg.Client;
  readonly node: string;
  readonly timeline: number;
  /** What the server has said beside its answers; emptied by who sends a statement. */
  readonly notices: ServerMessage[];
}

/** Milliseconds between two rounds through all nodes, none of which accepted writes: what is refused at once is not asked in a busy loop. */
const betweenRounds = 20;

/**
 * Connects like libpq with several hosts and `target_session_attrs=read-write` (PostgreSQL manual, 32.1.1.3): one host after the other, and
 * on with the next one where nobody answers in time, or writes are not accepted. Each search begins where the last one ended.
 */
export class ReadWriteConnector {
  private readonly target: WitnessTarget;
  private turn: number;

  /** @param first index of the node that is tried first */
  constructor(target: WitnessTarget, first = 0) {
    this.target = target;
    this.turn = first;
  }

  /** Searches until a node accepts writes; undefined when it was told to end before. */
  async connect(ended: AbortSignal): Promise<ReadWriteSession | undefined> {
    for (let tried = 1; !ended.aborted; tried++) {
      const { nodes } = this.target;
      const session = await this.tryNode(nodes[this.turn++ % nodes.length]!);
      if (session !== undefined) return session;
      if (tried % nodes.length === 0) await delay(betweenRounds, undefined, { signal: ended }).catch(ignoreAbort);
    }
    return undefined;
  }

  /** undefined where writes are not accepted, or nobody answers. */
  private async tryNode(node: string): Promise<ReadWriteSession | undefined> {
    let client: pg.Client | undefined;
    try {
      client = await this.target.open(node);
      const { rows } = await client.query<{ timeline: number | null }>(acceptsWrites);
      const { timeline } = rows[0]!;
      if (timeline !== null) return listening({ client, node, timeline, notices: [] });
    } catch (error) {
      this.target.complain(node, error);
    }
    if (client !== undefined) cut(client);
    return undefined;
  }
}

/** The timeline; null in recovery, and where transactions are read-only by default. */
const acceptsWrites = `
select case when not pg_is_in_recovery() and current_setting('transaction_read_only') = 'off' then ${currentTimeline} end as timeline`;

function listening(session: ReadWriteSession): ReadWriteSession {
  session.client.on("notice", (notice) => session.notices.push(notice));
  return session;
}
