/**
 * What a client knows of a row that it has sent:
 * - `acknowledged`: the commit came back as it was promised. Such a row must never be lost.
 * - `failed`: the server said that the statement failed, and so has committed nothing.
 * - `indeterminate`: committed or not, nobody can say. The connection ended, or no answer came in time; or the commit came back with
 *   the warning that the wait for its standbys was cancelled.
 */
export type RowOutcome = "acknowledged" | "failed" | "indeterminate";

/** The fields of a server's error or notice that are looked at; an error of the connection has none of them. */
export interface ServerMessage {
  /** In the server's language. */
  readonly severity?: string | undefined;
  readonly code?: string | undefined;
  /** The function in PostgreSQL's source that reports it. */
  readonly routine?: string | undefined;
}

/** statement_completion_unknown: an error, and yet no word on the commit. */
const completionUnknown = "40003";

/**
 * @param notices of this statement. The session must have client_min_messages at `warning` or lower, or the one that matters is not sent.
 */
export function outcomeOf(error: ServerMessage | undefined, notices: readonly ServerMessage[]): RowOutcome {
  if (notices.some(isCancelledWait)) return "indeterminate";
  if (error === undefined) return "acknowledged";
  return isStatementError(error) ? "failed" : "indeterminate";
}

/**
 * A commit is done on the primary, but its wait for synchronous standbys was not: WARNING 01000 "canceling wait for synchronous
 * replication due to user request", and the statement succeeds; or WARNING 57P01 "canceling the wait for synchronous replication and
 * terminating connection …", and no answer follows (PostgreSQL, SyncRepWaitForLSN in syncrep.c). The texts are translated and 01000 is
 * any warning's; the function's name is always sent, and this is the only message of level WARNING from it.
 */
export function isCancelledWait({ routine }: ServerMessage): boolean {
  return routine === "SyncRepWaitForLSN";
}

/**
 * The statement failed and its transaction is rolled back; the session goes on. FATAL and PANIC are about the session: they may come
 * between a commit and its answer. So is a severity in another language taken: that is the safe side.
 */
export function isStatementError({ severity, code }: ServerMessage): boolean {
  return severity === "ERROR" && code !== completionUnknown;
}
