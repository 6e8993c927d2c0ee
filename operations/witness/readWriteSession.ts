import type pg from "pg";
import { every } from "../every.ts";
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

/**
 * Searches until a node accepts writes; undefined when it was told to end before. As libpq does with several hosts and
 * `target_session_attrs=read-write` (PostgreSQL manual, 32.1.1.3), with two differences, so that what is measured is the cluster: all hosts
 * are asked at once, because one that hangs says nothing about the others; and a session that does not accept writes yet is kept and asked
 * again, because many clients that log in again and again take processor time from the very servers that they wait for.
 */
export async function readWriteSession(
  target: WitnessTarget,
  ended: AbortSignal,
): Promise<ReadWriteSession | undefined> {
  while (!ended.aborted) {
    const session = await search(target, AbortSignal.any([ended, target.changed]));
    if (session !== undefined) return session;
  }
  return undefined;
}

/** Milliseconds from one time that a node is asked to the next: one that refuses at once is not asked in a busy loop. */
const interval = 20;

async function search(target: WitnessTarget, ended: AbortSignal): Promise<ReadWriteSession | undefined> {
  const { promise, resolve } = Promise.withResolvers<ReadWriteSession | undefined>();
  const found = new AbortController();
  const over = AbortSignal.any([ended, found.signal]);
  const clients = new Map<string, pg.Client>();
  const asking = target.nodes.map((node) =>
    every(interval, over, async () => {
      const session = await ask(target, node, clients, over);
      if (session !== undefined) resolve(session);
    }),
  );
  const session = await Promise.race([promise, Promise.all(asking).then(() => undefined)]);
  found.abort();
  for (const client of clients.values()) if (client !== session?.client) cut(client);
  return session;
}

/** undefined where writes are not accepted, or nobody answers. Clients that may be asked again are kept in `clients`. */
async function ask(target: WitnessTarget, node: string, clients: Map<string, pg.Client>, over: AbortSignal) {
  const known = clients.get(node);
  const client = known ?? target.client(node);
  clients.set(node, client);
  try {
    if (known === undefined) await client.connect();
    const { rows } = await client.query<{ timeline: number | null }>(acceptsWrites);
    const { timeline } = rows[0]!;
    return timeline === null ? undefined : listening({ client, node, timeline, notices: [] });
  } catch (error) {
    if (over.aborted) return undefined; // no longer asked for
    cut(client);
    clients.delete(node);
    target.complain(node, error);
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
