import type pg from "pg";
import { quoted } from "../../configs/tableName.ts";
import { currentTimeline } from "./currentTimeline.ts";
import type { FoundRow } from "./writtenRow.ts";

const prefix = "postgres_cluster_witness_";
const sessionsPrefix = "postgres-cluster witness ";

/** The tables of one witness in a schema of their own, which the application's role may create as the database's owner. */
export class WitnessTables {
  /** Of all sessions of this witness: as long as there is one, its schema is in use. */
  readonly applicationName: string;
  /** SQL with parameters: client, number. */
  readonly insertRow: string;
  /** SQL; tells the timeline on which it was done. */
  readonly insertProbe: string;
  private readonly schema: string;

  /** @param run letters and digits */
  constructor(run: string) {
    this.applicationName = sessionsPrefix + run;
    this.schema = quoted(prefix + run);
    this.insertRow = `insert into ${this.schema}.rows (client, number) values ($1, $2)`;
    this.insertProbe = `insert into ${this.schema}.probes default values returning ${currentTimeline} as timeline`;
  }

  /** Also removes what witnesses left that were killed: schemas without a session. */
  async create(client: pg.Client): Promise<void> {
    for (const schema of await abandoned(client)) await client.query(`drop schema if exists ${quoted(schema)} cascade`);
    // Without a unique key: a row that is there twice has to be seen, not prevented.
    await client.query(`
      begin;
      create schema ${this.schema};
      create table ${this.schema}.rows (client int not null, number int not null);
      create table ${this.schema}.probes (at timestamptz not null default clock_timestamp());
      commit`);
  }

  async read(client: pg.Client): Promise<FoundRow[]> {
    const { rows } = await client.query<[number, number, number]>({
      text: `select client, number, count(*)::int from ${this.schema}.rows group by client, number`,
      rowMode: "array",
    });
    return rows.map(([client, number, times]) => ({ client, number, times }));
  }

  /** Ends what sessions may still be at work in them, then waits for no standby. */
  async drop(client: pg.Client): Promise<void> {
    await client.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1 and pid <> pg_backend_pid()",
      [this.applicationName],
    );
    await client.query(
      `begin; set local synchronous_commit = local; drop schema if exists ${this.schema} cascade; commit`,
    );
  }
}

async function abandoned(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select nspname as name from pg_namespace
      where starts_with(nspname, $1)
        and not exists (select from pg_stat_activity where application_name = $2 || substr(nspname, length($1) + 1))`,
    [prefix, sessionsPrefix],
  );
  return rows.map(({ name }) => name);
}
