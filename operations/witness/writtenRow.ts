import type { RowOutcome } from "./rowOutcome.ts";

/** Names a row: the client that wrote it, from 0, and that client's count, from 1. */
export interface RowName {
  readonly client: number;
  readonly number: number;
}

/** A row that was sent once, and what became of it. Times are milliseconds since the witness began. */
export interface WrittenRow extends RowName {
  readonly outcome: RowOutcome;
  readonly sentAt: number;
  /** When its outcome was known. */
  readonly endedAt: number;
  /** To which it was sent. */
  readonly node: string;
  /** Of that node's server. */
  readonly timeline: number;
}

/** A row in the table, as often as it is there. */
export interface FoundRow extends RowName {
  readonly times: number;
}
