/** What stopped a subscription, as its server's log tells it. */
export interface ReplicationError {
  readonly message: string;
  /** `Key (id)=(1) already exists.` */
  readonly detail?: string;
  /** `schema.table`, as PostgreSQL writes it there: without quotes. */
  readonly table?: string;
  /** INSERT, UPDATE, DELETE, TRUNCATE … */
  readonly operation?: string;
  readonly transaction?: string;
  /** Where the publisher's transaction ended: what SKIP needs. */
  readonly finishedAt?: string;
}

/**
 * The errors of logical replication's workers in the tail of a server's log, oldest first. Whatever stands before the severity is the
 * user's choice (log_line_prefix), so it is not looked at; a message is written at once, so its lines stand together.
 */
export function replicationErrors(log: string): ReplicationError[] {
  return messagesIn(log).flatMap((message) => (isWorkers(message) ? [describe(message)] : []));
}

/** What ERROR, DETAIL, CONTEXT … of one message say. */
type Message = Readonly<Record<string, string>>;

function messagesIn(log: string): Message[] {
  const messages: Record<string, string>[] = [];
  let part: string | undefined;
  for (const line of log.split("\n")) {
    const [, key, text] =
      /(?:^|\s)(LOG|WARNING|NOTICE|ERROR|FATAL|PANIC|DETAIL|HINT|CONTEXT|STATEMENT): {2}(.*)$/.exec(line) ?? [];
    const current = messages.at(-1);
    if (line.startsWith("\t") && current !== undefined && part !== undefined) {
      current[part] += `\n${line.slice(1)}`;
    } else if (key === undefined || text === undefined) {
      part = undefined;
    } else if (/^(DETAIL|HINT|CONTEXT|STATEMENT)$/.test(key)) {
      if (current !== undefined) current[key] = text;
      part = key;
    } else {
      messages.push({ [key]: text });
      part = key;
    }
  }
  return messages;
}

/** A session's error has the statement that it ran, a worker's has none. */
function isWorkers({ ERROR, CONTEXT = "", STATEMENT }: Message): boolean {
  if (ERROR === undefined || STATEMENT !== undefined) return false;
  return (
    CONTEXT.startsWith("processing remote data for replication origin") ||
    /^COPY .*, line \d+/.test(CONTEXT) ||
    /^logical replication target relation |^could not (receive data from WAL stream|start WAL streaming|start initial contents copy|fetch table|connect to the publisher|create replication slot)|^subscription ".*" could not /.test(
      ERROR,
    )
  );
}

function describe({ ERROR = "", DETAIL, CONTEXT = "" }: Message): ReplicationError {
  const table =
    /for replication target relation "([^"]+)"/.exec(CONTEXT)?.[1] ??
    /target relation "([^"]+)"/.exec(ERROR)?.[1] ??
    /copy for table "([^"]+)"/.exec(ERROR)?.[1] ??
    /^COPY (.+?), line \d+/.exec(CONTEXT)?.[1];
  const optional = {
    detail: DETAIL,
    table,
    operation: /during message type "([A-Z]+)"/.exec(CONTEXT)?.[1],
    transaction: /in transaction (\d+)/.exec(CONTEXT)?.[1],
    finishedAt: /finished at ([0-9A-F]+\/[0-9A-F]+)/.exec(CONTEXT)?.[1],
  };
  const known = Object.entries(optional).filter(([, value]) => value !== undefined);
  return { message: ERROR.split("\n")[0]!, ...(Object.fromEntries(known) as Omit<ReplicationError, "message">) };
}
