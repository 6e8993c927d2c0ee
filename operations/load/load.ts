import { randomBytes } from "node:crypto";
import type pg from "pg";
import { qualified, shown, type TableName } from "../../configs/tableName.ts";
import { UserError } from "../../configs/userError.ts";
import type { Desired } from "../desired.ts";
import type { Latencies } from "../latencies.ts";
import { ThrowAwayContainer } from "../throwAwayContainer.ts";
import { until } from "../until.ts";
import { generateLoad } from "./generator.ts";
import type { GeneratorJob } from "./generatorFiles.ts";
import { beginRun, newestRun, rowsOfRun, sessionsOfRun } from "./loadTable.ts";
import { LoadTally } from "./loadTally.ts";
import { asApplication, findLoadTargets } from "./loadTargets.ts";

export interface LoadOptions {
  /** To be inserted; or, with `read`, queries in all. */
  readonly rows: number;
  /** Concurrent connections; with `read`, to each node. */
  readonly clients: number;
  /** Transactions a second in all. */
  readonly rate?: number;
  readonly read: boolean;
  readonly table: TableName;
}

/** What `load --json` prints. Holds no secret. */
export interface LoadResult {
  readonly stack: string;
  readonly operation: "insert" | "read";
  /** With its schema. */
  readonly table: string;
  /** `run` of the rows that were inserted into that table; null for reads. */
  readonly run: string | null;
  readonly requested: number;
  /** Inserts that were committed as durably as the cluster promises, or queries that were answered. */
  readonly acknowledged: number;
  readonly failed: number;
  /** Committed without the confirmation of as many standbys as were asked for: not acknowledged. */
  readonly unconfirmed: number;
  /** Rows of this run in the table afterwards; null for reads, and when they could not be counted. */
  readonly rowsInTable: number | null;
  readonly seconds: number;
  readonly perSecond: number;
  readonly latencyMilliseconds: Latencies | null;
  readonly nodes: readonly LoadedNode[];
  /** What pgbench and the servers said, and how often. */
  readonly errors: readonly { readonly text: string; readonly count: number }[];
}

export type LoadedNode = Pick<LoadResult, "acknowledged" | "failed" | "perSecond" | "latencyMilliseconds"> & {
  readonly node: string;
};

/** How far a load is, on all nodes together. */
export type LoadCounts = Pick<LoadTally, "acknowledged" | "failed" | "unconfirmed">;

/** Milliseconds for the sessions of a load that has ended to be gone: then the rows can be counted. */
const sessionsEndWithin = 5_000;

/**
 * Inserts rows through the primary's published port, or reads them from the standbys', as the application does. `started` is called when
 * the first transaction is about to be sent, with what tells how far the load is from then on. A load that was interrupted has a result
 * like any other.
 */
export async function runLoad(
  desired: Desired,
  options: LoadOptions,
  started: (counts: () => LoadCounts) => void,
  interrupted: AbortSignal,
): Promise<LoadResult> {
  const { nodes, unreachable } = await findLoadTargets(desired, options.read);
  const { run, jobs } = await (options.read ? readJobs : insertJobs)(desired, options, nodes);
  const tallies = jobs.map(() => new LoadTally());
  const sumOf = (count: keyof LoadCounts) => tallies.reduce((sum, tally) => sum + tally[count], 0);
  {
    await using errand = await ThrowAwayContainer.start({
      stack: desired.plan.stack,
      purpose: `load-${randomBytes(4).toString("hex")}`,
      image: desired.imageId!,
    });
    started(() => ({
      acknowledged: sumOf("acknowledged"),
      failed: sumOf("failed"),
      unconfirmed: sumOf("unconfirmed"),
    }));
    await Promise.all(
      jobs.map((job, index) => generateLoad(errand.container, desired, job, tallies[index]!, interrupted)),
    );
  }
  const sum = tallies.reduce((all, tally) => all.add(tally), new LoadTally());
  for (const { node, error } of unreachable) sum.complain(`${node} was not read from: ${error}`);
  const rowsInTable = run === null ? null : await countRows(desired, options.table, run, jobs[0]!, sum);
  return {
    stack: desired.plan.stack,
    operation: options.read ? "read" : "insert",
    table: shown(options.table),
    run,
    requested: options.rows,
    unconfirmed: sum.unconfirmed,
    rowsInTable,
    seconds: sum.seconds,
    ...figures(sum),
    nodes: jobs.map(({ node }, index) => ({ node, ...figures(tallies[index]!) })),
    errors: [...sum.errors].map(([text, count]) => ({ text, count })),
  };
}

/** What a server refuses to the application's role is the user's to mend. */
async function ask<T>(desired: Desired, node: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  try {
    return await asApplication(desired, node, work);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${node}: ${(error as Error).message}`, { cause: error });
  }
}

interface Jobs {
  readonly run: string | null;
  readonly jobs: readonly GeneratorJob[];
}

async function insertJobs(desired: Desired, options: LoadOptions, [node]: readonly string[]): Promise<Jobs> {
  const { rows, clients, rate, table } = options;
  const run = await ask(desired, node!, (client) => beginRun(client, table));
  const script = [`insert into ${qualified(table)} (run, number) values ('${run}', :position);`];
  const job = { node: node!, script, transactions: rows, clients: Math.min(clients, rows), variables: {} };
  return { run, jobs: [{ ...job, ...(rate && { rate }), applicationName: `postgres-cluster load ${run}` }] };
}

/** Reads the rows of the newest run by their key, in random order; shared out evenly among the nodes. */
async function readJobs(desired: Desired, options: LoadOptions, nodes: readonly string[]): Promise<Jobs> {
  const { rows, clients, rate, table } = options;
  const found = await Promise.all(nodes.map((node) => ask(desired, node, (client) => newestRun(client, table))));
  const used = nodes.slice(0, rows);
  const jobs = used.map((node, index): GeneratorJob => {
    const newest = found[index];
    if (newest === undefined) {
      throw new UserError(
        `${node}: table ${shown(table)} is not there or has no rows to read. Insert some first: ` +
          `npm run load -- --stack ${desired.plan.stack} --rows 10000`,
      );
    }
    const transactions = Math.floor(rows / used.length) + (index < rows % used.length ? 1 : 0);
    return {
      node,
      // \gset ends the client when there is no row: a query without a result doesn't count as answered.
      script: [
        "\\set wanted random(1, :highest)",
        `select number from ${qualified(table)} where run = '${newest.run}' and number >= :wanted order by number limit 1 \\gset found_`,
      ],
      transactions,
      clients: Math.min(clients, transactions),
      ...(rate && { rate: rate / used.length }),
      variables: { highest: newest.highest },
      applicationName: "postgres-cluster load",
    };
  });
  return { run: null, jobs };
}

function figures(tally: LoadTally) {
  const { acknowledged, failed, seconds, latencyMilliseconds } = tally;
  return { acknowledged, failed, perSecond: seconds === 0 ? 0 : acknowledged / seconds, latencyMilliseconds };
}

/** What a load that was cut short had under way may still be committed, so its sessions are waited for. */
async function countRows(
  desired: Desired,
  table: TableName,
  run: string,
  { node, applicationName }: GeneratorJob,
  tally: LoadTally,
): Promise<number | null> {
  try {
    return await asApplication(desired, node, async (client) => {
      await until(async () => ((await sessionsOfRun(client, applicationName)) === 0 ? true : undefined), {
        timeout: sessionsEndWithin,
        onTimeout: () => new Error("its sessions are still at work"),
      }).catch((error: Error) => tally.complain(`${error.message}: rows may be added to those counted`));
      return await rowsOfRun(client, table, run);
    });
  } catch (error) {
    tally.complain(`the rows could not be counted: ${(error as Error).message}`);
    return null;
  }
}
