import type pg from "pg";
import { qualified, shown, type TableName } from "../../configs/tableName.ts";
import { UserError } from "../../configs/userError.ts";

/** `name` or `schema.name`, in the plain form that needs no quotes; undefined for anything else. */
export function parseTableName(text: string): TableName | undefined {
  const name = "[a-z_][a-z0-9_$]{0,62}";
  const match = new RegExp(`^(?:(${name})\\.)?(${name})$`).exec(text);
  return match === null ? undefined : { schema: match[1] ?? "public", name: match[2]! };
}

/**
 * Run and number of each row; no sequence, which logical replication would leave behind. The rows of a run that was fully acknowledged
 * are numbered from 1 without a gap, so each can be looked for.
 */
const columns = "run timestamptz, number bigint, written_at timestamptz";

const definition = `(
  run timestamptz,
  number bigint,
  written_at timestamptz not null default clock_timestamp(),
  primary key (run, number))`;

/** A moment as the name of a run: ISO 8601, in microseconds. */
const runName = (moment: string) => `to_char(${moment} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/** Makes the table where it is missing; the name of a new run: the server's time. */
export async function beginRun(client: pg.Client, table: TableName): Promise<string> {
  let shape = await shapeOf(client, table);
  if (shape === undefined) {
    // Waits for no standby: only the rows are measured, and each of them waits for what came before it.
    await client.query(
      `begin; set local synchronous_commit = local; create table if not exists ${qualified(table)} ${definition}; commit;`,
    );
    shape = await shapeOf(client, table);
  }
  if (shape?.columns !== columns || shape.key !== "run, number") {
    throw new UserError(
      `Table ${shown(table)} is there, and is none of load's: it has (${shape?.columns}; primary key: ${shape?.key ?? "none"}), ` +
        `load's have (${columns}; primary key: run, number). Choose another name with --table.`,
    );
  }
  const { rows } = await client.query<{ run: string }>(`select ${runName("clock_timestamp()")} as run`);
  return rows[0]!.run;
}

export async function rowsOfRun(client: pg.Client, table: TableName, run: string): Promise<number> {
  const { rows } = await client.query<{ count: string }>(`select count(*) from ${qualified(table)} where run = $1`, [
    run,
  ]);
  return Number(rows[0]!.count);
}

/** Sessions of the run that are still at work. */
export async function sessionsOfRun(client: pg.Client, applicationName: string): Promise<number> {
  const { rows } = await client.query<{ count: string }>(
    "select count(*) from pg_stat_activity where application_name = $1",
    [applicationName],
  );
  return Number(rows[0]!.count);
}

/** The newest run and the highest number in it; undefined when there is no row, or no table. */
export async function newestRun(
  client: pg.Client,
  table: TableName,
): Promise<{ run: string; highest: number } | undefined> {
  if ((await shapeOf(client, table)) === undefined) return undefined;
  const { rows } = await client.query<{ run: string; number: string }>(
    `select ${runName("run")} as run, number
       from ${qualified(table)} order by run desc, number desc limit 1`,
  );
  return rows[0] && { run: rows[0].run, highest: Number(rows[0].number) };
}

/** Columns with their types, and those of the primary key; undefined when there is no such table. */
async function shapeOf(
  client: pg.Client,
  { schema, name }: TableName,
): Promise<{ columns: string; key: string | null } | undefined> {
  const { rows } = await client.query<{ columns: string; key: string | null }>(
    `select (select string_agg(attname || ' ' || replace(format_type(atttypid, atttypmod), 'timestamp with time zone', 'timestamptz'),
                               ', ' order by attnum)
               from pg_attribute where attrelid = c.oid and attnum > 0 and not attisdropped) as columns,
            (select string_agg(attname, ', ' order by position)
               from pg_index i, unnest(i.indkey) with ordinality as k (attnum, position)
               join pg_attribute a using (attnum)
              where i.indrelid = c.oid and i.indisprimary and a.attrelid = c.oid) as key
       from pg_class c join pg_namespace n on n.oid = relnamespace
      where nspname = $1 and relname = $2 and relkind in ('r', 'p')`,
    [schema, name],
  );
  return rows[0];
}
