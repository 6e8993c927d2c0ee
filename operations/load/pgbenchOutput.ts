/** One line of pgbench's transaction log (PostgreSQL manual, pgbench, "Per-Transaction Logging"). */
export interface LoggedTransaction {
  /** From 0. */
  readonly client: number;
  /** Of this client, from 1. */
  readonly turn: number;
  /** From the moment it was due, under `--rate`, else sent; undefined when it failed. */
  readonly microseconds: number | undefined;
  /** Microseconds since the epoch. */
  readonly endedAt: number;
}

/** undefined for anything else that pgbench prints. */
export function parseTransaction(line: string): LoggedTransaction | undefined {
  const match = /^(\d+) (\d+) (\d+|failed|skipped) \d+ (\d+) (\d+)(?: \d+)?$/.exec(line);
  if (match === null) return undefined;
  const [, client, turn, time, seconds, microseconds] = match;
  return {
    client: Number(client),
    turn: Number(turn),
    microseconds: /^\d/.test(time!) ? Number(time) : undefined,
    endedAt: Number(seconds) * 1_000_000 + Number(microseconds),
  };
}

export type Complaint =
  /** A client's transaction failed, and with it the client, which pgbench then ends. */
  | { readonly kind: "failed"; readonly text: string }
  /** A commit came back without the confirmation of its standbys: it's logged as done, and isn't acknowledged. */
  | { readonly kind: "unconfirmed"; readonly text: string }
  | { readonly kind: "other"; readonly text: string };

/** What a line that pgbench writes to stderr means; undefined when it only repeats another. */
export function parseComplaint(line: string): Complaint | undefined {
  const text = line.replace(/^pgbench: (?:error: |warning: )?/, "").trim();
  if (text === "" || text.startsWith("DETAIL:") || text.startsWith("detail:")) return undefined;
  if (text.startsWith("Run was aborted")) return undefined;
  const aborted = /^client \d+ .*aborted in command \d+ (?:query \d+:|\(\w+\) of script \d+[;:])\s*(.*)$/s.exec(text);
  if (aborted !== null || /^client \d+ .*aborted/.test(text)) return { kind: "failed", text: aborted?.[1] ?? text };
  // "canceling the wait … and terminating connection" is another one: that client gets no answer, and pgbench says so.
  if (/^WARNING: +canceling wait for synchronous replication/.test(text)) return { kind: "unconfirmed", text };
  return { kind: "other", text };
}
