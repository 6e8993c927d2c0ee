import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Client } from "pg";
import type { Connections } from "../connections.ts";
import type { NodeContainer } from "../docker.ts";
import { withConnection } from "../sql.ts";
import { ignoreAbort, until } from "../until.ts";

export interface MarkerProbe {
  /** Why the row could not be written; the other figures are then meaningless. */
  readonly error?: string;
  /** What the server said when the commit came back without its confirmation. */
  readonly warning?: string;
  /** Of the row: the commit's record comes right after it. */
  readonly lsn: string;
  readonly commitMilliseconds: number;
  /** When the commit came back, on this process's monotonic clock in milliseconds. */
  readonly committedAt: number;
  /** application_names that had flushed the commit when it came back. */
  readonly flushedBy: readonly string[];
  /** By standby. */
  readonly standbys: Readonly<Record<string, MarkerSighting>>;
}

export interface MarkerSighting {
  /** Milliseconds from the commit to the row being readable; missing when it did not become so in time. */
  readonly visibleAfter?: number;
  readonly error?: string;
}

interface Standby {
  readonly name: string;
  readonly container: NodeContainer;
}

/**
 * Commits one row on the primary, as durably as the cluster promises, and looks for it on every standby. In quorum mode this is the
 * canary as well: who had flushed the commit at the moment it came back. All connections are opened before the commit, so that what is
 * measured is replication and not the time to connect.
 */
export async function probeMarker(
  connections: Connections,
  primary: NodeContainer,
  standbys: readonly Standby[],
  bound: number,
): Promise<MarkerProbe> {
  const run = randomUUID();
  const nodes = [primary, ...standbys.map(({ container }) => container)];
  const clients = await Promise.all(nodes.map((node) => tryConnect(connections, node)));
  const [writer, ...readers] = clients;
  try {
    const commit = await attempt(writer!, (client) => commitMarker(client, primary, run, bound));
    if ("error" in commit) return { ...nothing, ...commit };
    const sightings = standbys.map(async ({ name }, index) => {
      const seen = await attempt(readers[index]!, (client) => awaitMarker(client, run, commit.committedAt, bound));
      return [name, seen] as const;
    });
    return { ...commit, standbys: Object.fromEntries(await Promise.all(sightings)) };
  } finally {
    clients.forEach((client, index) => {
      if (!(client instanceof Error)) connections.giveBack(nodes[index]!, client);
    });
  }
}

const nothing = { lsn: "0/0", commitMilliseconds: 0, committedAt: 0, flushedBy: [], standbys: {} };

/** A node that can't be reached is a finding, not the end of the probe. */
function tryConnect(connections: Connections, container: NodeContainer): Promise<Client | Error> {
  return connections.take(container).catch((error: Error) => error);
}

async function attempt<T>(
  client: Client | Error,
  work: (client: Client) => Promise<T>,
): Promise<T | { error: string }> {
  if (client instanceof Error) return { error: client.message };
  try {
    return await work(client);
  } catch (error) {
    return { error: (error as Error).message };
  }
}

const prepare = `
create schema if not exists postgres_cluster;
comment on schema postgres_cluster is 'The marker row by which postgres-cluster proves that replication works';
create table if not exists postgres_cluster.marker (
  only_row boolean primary key default true check (only_row), run uuid not null, written_at timestamptz not null);`;

async function commitMarker(
  client: Client,
  primary: NodeContainer,
  run: string,
  bound: number,
): Promise<Omit<MarkerProbe, "standbys" | "error">> {
  let warning: string | undefined;
  const listen = ({ severity, message }: { severity?: string | undefined; message?: string | undefined }) => {
    if (severity === "WARNING") warning = message;
  };
  await createMarkerTable(client);
  // For a row that an earlier verification's commit still holds.
  await client.query(`set lock_timeout = ${bound}`);
  await client.query("begin");
  await client.query(
    `insert into postgres_cluster.marker (run, written_at) values ($1, clock_timestamp())
     on conflict (only_row) do update set run = excluded.run, written_at = excluded.written_at`,
    [run],
  );
  // Just before the commit's own record. Asked for afterwards, it would be past the writes of others that came in between.
  const written = await client.query<{ lsn: string }>("select pg_current_wal_insert_lsn()::text as lsn");
  const { lsn } = written.rows[0]!;
  const before = performance.now();
  client.on("notice", listen);
  await commitWithin(client, primary, bound).finally(() => client.removeListener("notice", listen));
  const committedAt = performance.now();
  const flushed = await client.query<{ name: string }>(
    "select application_name as name from pg_stat_replication where flush_lsn > $1::pg_lsn order by 1",
    [lsn],
  );
  const flushedBy = flushed.rows.map(({ name }) => name);
  return { lsn, committedAt, commitMilliseconds: committedAt - before, flushedBy, ...(warning && { warning }) };
}

/**
 * A commit that waits for a standby in vain waits for ever: no timeout of the server covers it. Cancelled from outside, it comes back
 * with a warning, and without its promise.
 */
async function commitWithin(client: Client, primary: NodeContainer, bound: number): Promise<void> {
  const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
  const cancel = () => withConnection(primary, (other) => other.query("select pg_cancel_backend($1)", [rows[0]!.pid]));
  const done = new AbortController();
  const cancelled = delay(bound, undefined, { signal: done.signal }).then(cancel, ignoreAbort);
  try {
    await client.query("commit");
  } finally {
    done.abort();
    await cancelled;
  }
}

/** Made once. Not waiting for standbys, because only the row itself is measured. */
async function createMarkerTable(client: Client): Promise<void> {
  const { rows } = await client.query("select to_regclass('postgres_cluster.marker') is not null as found");
  if (rows[0].found) return;
  await client.query(`begin; set local synchronous_commit = local; ${prepare} commit;`);
}

async function awaitMarker(client: Client, run: string, committedAt: number, bound: number): Promise<MarkerSighting> {
  const query = "select from postgres_cluster.marker where run = $1";
  const look = async () => ((await client.query(query, [run]).catch(ignoreMissing)).rowCount === 0 ? undefined : true);
  await until(look, { timeout: bound, interval: 2, onTimeout: () => new Error("the row did not arrive") });
  return { visibleAfter: performance.now() - committedAt };
}

const undefinedTable = "42P01";
const undefinedSchema = "3F000";

/** The table itself may not have been replayed yet. */
function ignoreMissing(error: unknown): { rowCount: number } {
  const { code } = error as { code?: string };
  if (code === undefinedTable || code === undefinedSchema) return { rowCount: 0 };
  throw error;
}
