import { clientHost } from "../../configs/clientHost.ts";
import { connectionString } from "../../configs/render/connectionString.ts";
import { passfileField } from "../../configs/render/passfile.ts";
import type { Desired } from "../desired.ts";
import type { FileEntry } from "../docker.ts";

/** What one pgbench does to one node. */
export interface GeneratorJob {
  readonly node: string;
  /** The lines of one transaction's script; `:position` in it goes from 1 to `transactions`. */
  readonly script: readonly string[];
  readonly transactions: number;
  /** Concurrent connections. */
  readonly clients: number;
  /** Transactions a second; as fast as they go when left out. */
  readonly rate?: number;
  /** Other variables of the script. */
  readonly variables: Readonly<Record<string, number>>;
  readonly applicationName: string;
}

export function generatorDirectory({ node }: GeneratorJob): string {
  return `/load/${node}`;
}

/**
 * The position, from 1, that a client (from 0) works on in a turn (from 1). Every client of pgbench takes as many turns: in the last one
 * there may be no position left for some, and their transaction is empty.
 */
export function positionOf(client: number, turn: number, clients: number): number {
  return client + 1 + clients * (turn - 1);
}

/** All of them under the container's root directory, for the user that pgbench runs as only. */
export function generatorFiles({ plan, passwords, caCertificate, nodes }: Desired, job: GeneratorJob): FileEntry[] {
  const directory = generatorDirectory(job);
  const { publishAddress, port } = nodes[job.node]!.plan;
  const target = connectionString({
    host: clientHost(publishAddress),
    port: String(port),
    user: plan.owner,
    dbname: plan.database,
    application_name: job.applicationName,
    sslmode: "verify-full",
    sslrootcert: `${directory}/ca.crt`,
    passfile: `${directory}/passfile`,
    connect_timeout: "10",
  });
  const file = (name: string, lines: readonly string[], mode: number) => ({
    path: `${directory.slice(1)}/${name}`,
    text: `${lines.join("\n")}\n`,
    mode,
  });
  return [
    file("pgbench", starter(job, directory, target), 0o700),
    file("transaction.sql", transactionScript(job), 0o600),
    file("ca.crt", [caCertificate], 0o600),
    file("passfile", [`*:*:*:${plan.owner}:${passfileField(passwords.owner)}`], 0o600),
  ];
}

/** Its log is its standard output, which is to be a terminal; only a file of this name will do for pgbench. */
function starter(job: GeneratorJob, directory: string, target: string): string[] {
  const variables = { ...job.variables, turn: -1, clients: job.clients, transactions: job.transactions };
  const options = [
    "--no-vacuum",
    "--protocol=prepared",
    `--client=${job.clients}`,
    `--transactions=${Math.ceil(job.transactions / job.clients)}`,
    ...(job.rate === undefined ? [] : [`--rate=${job.rate}`]),
    `--file=${directory}/transaction.sql`,
    ...Object.entries(variables).map(([name, value]) => `--define=${name}=${value}`),
    "--log",
    `--log-prefix=${directory}/log`,
    target,
  ];
  return [
    "#!/bin/sh",
    `echo $$ > ${directory}/pid`,
    `ln -s /dev/stdout ${directory}/log.$$`,
    `exec pgbench ${options.map((option) => `'${option.replaceAll("'", `'\\''`)}'`).join(" ")}`,
  ];
}

/** The variables outlive the turn, so each client counts its own; see positionOf. */
function transactionScript({ script }: GeneratorJob): string[] {
  return [
    "\\set turn :turn + 1",
    "\\set position :client_id + 1 + :clients * :turn",
    "\\if :position <= :transactions",
    ...script,
    "\\endif",
  ];
}
