import { setTimeout as delay } from "node:timers/promises";
import { ignoreAbort } from "../until.ts";
import { type ReadWriteSession, readWriteSession } from "./readWriteSession.ts";
import { isStatementError, outcomeOf, type ServerMessage } from "./rowOutcome.ts";
import { cut, type WitnessTarget } from "./witnessTarget.ts";
import type { WrittenRow } from "./writtenRow.ts";

/** One client at work. */
export interface Writer {
  readonly client: number;
  readonly target: WitnessTarget;
  /** To begin with. */
  readonly session: ReadWriteSession;
  /** SQL with parameters: client, number. */
  readonly insert: string;
  /** Least milliseconds from one row to the next. */
  readonly interval: number;
  /** Milliseconds since the witness began. */
  readonly now: () => number;
  readonly written: (row: WrittenRow) => void;
}

/** A node that accepts connections and fails every statement is not asked in a busy loop: milliseconds. */
const afterFailure = 20;

/** read_only_sql_transaction: the node is a standby now, and the session outlived that. */
const readOnly = "25006";

/** Sends one row after the other, each in a transaction of its own and never twice, wherever writes are accepted, until it is told to end. */
export async function writeRows(writer: Writer, ended: AbortSignal): Promise<void> {
  const { target, interval, now } = writer;
  let session: ReadWriteSession | undefined = writer.session;
  for (let number = 1; !ended.aborted; number++) {
    const due = now() + interval;
    session ??= await readWriteSession(target, ended);
    if (session === undefined) return;
    const { outcome, usable } = await writeRow(writer, session, number);
    if (!usable) {
      cut(session.client);
      session = undefined;
    }
    const rest = Math.max(due - now(), outcome === "failed" && usable ? afterFailure : 0);
    if (rest > 0) await delay(rest, undefined, { signal: ended }).catch(ignoreAbort);
  }
  if (session !== undefined) cut(session.client);
}

async function writeRow({ client, target, insert, now, written }: Writer, session: ReadWriteSession, number: number) {
  const { node, timeline, notices } = session;
  notices.length = 0;
  const sentAt = now();
  let error: (Error & ServerMessage) | undefined;
  try {
    await session.client.query({ name: "insert", text: insert, values: [client, number] });
  } catch (reason) {
    error = reason as Error & ServerMessage;
    target.complain(node, error);
  }
  const outcome = outcomeOf(error, notices);
  written({ client, number, outcome, sentAt, endedAt: now(), node, timeline });
  return { outcome, usable: error === undefined || (isStatementError(error) && error.code !== readOnly) };
}
