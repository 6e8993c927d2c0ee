import pg from "pg";
import { roles } from "../../configs/roles.ts";
import { wantedRoles } from "../roles.ts";
import { scramVerifier } from "../scram.ts";
import type { StepContext } from "./context.ts";

/** What pg_rewind calls on its source server (PostgreSQL manual, pg_rewind, Notes). */
const rewindFunctions = [
  "pg_ls_dir(text, boolean, boolean)",
  "pg_stat_file(text, boolean)",
  "pg_read_binary_file(text)",
  "pg_read_binary_file(text, bigint, bigint, boolean)",
];

/** Creates or mends the cluster's roles, their passwords, and the database with its owner. May run any number of times. */
export async function configureRoles(
  { desired, containers, connections, progress }: StepContext,
  node: string,
): Promise<void> {
  const { database, owner } = desired.plan;
  progress.say(
    `${node}: roles ${wantedRoles(desired, node)
      .map(({ name }) => name)
      .join(", ")} and database ${database}`,
  );
  await connections.use(containers[node]!, async (client) => {
    // A quorum that can't be reached just now must not hold up the repair that lets standbys log in again.
    await client.query("set synchronous_commit = local");
    await client.query("begin");
    for (const { name, password, replication } of wantedRoles(desired, node)) {
      const role = pg.escapeIdentifier(name);
      const { rowCount } = await client.query("select from pg_roles where rolname = $1", [name]);
      if (rowCount === 0) await client.query(`create role ${role}`);
      // The verifier, not the password, so that neither a log nor an activity view ever shows a password.
      const verifier = pg.escapeLiteral(scramVerifier(password));
      const replicates = replication ? "replication" : "noreplication";
      await client.query(
        `alter role ${role} login nosuperuser nocreatedb nocreaterole ${replicates} password ${verifier}`,
      );
    }
    await client.query(`grant pg_monitor to ${roles.monitor}`);
    await client.query(`grant execute on function ${rewindFunctions.join(", ")} to ${roles.rewind}`);
    await client.query("commit");
    const { rowCount } = await client.query("select from pg_database where datname = $1", [database]);
    if (rowCount === 0) {
      await client.query(`create database ${pg.escapeIdentifier(database)} owner ${pg.escapeIdentifier(owner)}`);
    }
  });
}
