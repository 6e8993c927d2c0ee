import { randomUUID } from "node:crypto";
import type { Client } from "pg";
import type { NodeContainer } from "../docker.ts";
import { ServerUnavailable, withConnection } from "../sql.ts";
import { until } from "../until.ts";

export interface MarkerProbe {
  /** Why the row could not be written; the other figures are then meaningless. */
  readonly error?: string;
  /** What the server said when the commit came back without its confirmation. */
  readonly warning?: string;
  /** LSN after the commit. */
  readonly lsn: string;
  readonly commitMilliseconds: number;
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
 * canary as well: who had flushed the commit at the moment it came back.
 */
export async function probeMarker(
  primary: NodeContainer,
  standbys: readonly Standby[],
  bound: number,
): Promise<MarkerProbe> {
  const run = randomUUID();
  const commit = await commitMarker(primary, run, bound);
  if (commit.error !== undefined) return { ...commit, standbys: {} };
  const committedAt = performance.now();
  const sightings = await Promise.all(
    standbys.map(async ({ name, container }) => [name, await awaitMarker(container, run, committedAt, bound)] as const),
  );
  return { ...commit, standbys: Object.fromEntries(sightings) };
}

const prepare = `
create schema if not exists postgres_cluster;
comment on schema postgres_cluster is 'The marker row by which postgres-cluster proves that replication works';
create table if not exists postgres_cluster.marker (
  only_row boolean primary key default true check (only_row), run uuid not null, written_at timestamptz not null);`;

async function commitMarker(
  primary: NodeContainer,
  run: string,
  bound: number,
): Promise<Omit<MarkerProbe, "standbys">> {
  const nothing = { lsn: "0/0", commitMilliseconds: 0, flushedBy: [] };
  try {
    return await withConnection(primary, async (client) => {
      let warning: string | undefined;
      client.on("notice", (notice) => {
        if (notice.severity === "WARNING") warning = notice.message;
      });
      await createMarkerTable(client);
      // A commit that waits for a standby in vain would wait for ever; cut off, it comes back with a warning (and without its promise).
      await client.query(`set statement_timeout = ${bound}`);
      const before = performance.now();
      await client.query(
        `insert into postgres_cluster.marker (run, written_at) values ($1, clock_timestamp())
         on conflict (only_row) do update set run = excluded.run, written_at = excluded.written_at`,
        [run],
      );
      const commitMilliseconds = performance.now() - before;
      const { rows } = await client.query<{ lsn: string; flushed: string[] }>(
        `select lsn::text, coalesce((select array_agg(application_name order by application_name)
                  from pg_stat_replication where flush_lsn >= lsn), '{}') as flushed
           from (select pg_current_wal_flush_lsn() as lsn) as here`,
      );
      return { lsn: rows[0]!.lsn, commitMilliseconds, flushedBy: rows[0]!.flushed, ...(warning && { warning }) };
    });
  } catch (error) {
    return { ...nothing, error: (error as Error).message };
  }
}

/** Made once. Not waiting for standbys, because only the row itself is measured. */
async function createMarkerTable(client: Client): Promise<void> {
  const { rows } = await client.query("select to_regclass('postgres_cluster.marker') is not null as found");
  if (rows[0].found) return;
  await client.query(`begin; set local synchronous_commit = local; ${prepare} commit;`);
}

async function awaitMarker(
  container: NodeContainer,
  run: string,
  since: number,
  bound: number,
): Promise<MarkerSighting> {
  try {
    return await withConnection(container, async (client) => {
      await until(
        async () => {
          const { rowCount } = await client
            .query("select from postgres_cluster.marker where run = $1", [run])
            .catch(ignoreMissing);
          return rowCount === 0 ? undefined : true;
        },
        {
          timeout: bound,
          interval: 5,
          onTimeout: () => new ServerUnavailable(container.name, "the row did not arrive"),
        },
      );
      return { visibleAfter: performance.now() - since };
    });
  } catch (error) {
    return { error: (error as Error).message };
  }
}

/** The table itself may not have been replayed yet. */
function ignoreMissing(error: unknown): { rowCount: number } {
  const undefinedTable = "42P01";
  if ((error as { code?: string }).code === undefinedTable || (error as { code?: string }).code === "3F000")
    return { rowCount: 0 };
  throw error;
}
