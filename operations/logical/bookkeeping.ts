import { ownSchema } from "../../configs/ownSchema.ts";

/** The publication by which the verification sends its marker rows to every subscriber. */
export const probePublication = "postgres_cluster";

/** Key of the advisory lock at which an apply worker waits, in the middle of a probe's transaction, while somebody holds it. */
export const parityLock = 7_303_014_011;

/** Key of the advisory lock on the publisher by which verifications take turns: the rows of one would disturb another's. */
export const verificationLock = parityLock + 1;

/**
 * Creates what is missing of our own tables. May run any number of times, and must run before anything is subscribed. Nothing of it but the
 * two probe tables is published.
 *
 * - `schema_files`: the declared files that were applied here.
 * - `publications`: what we last set, to tell an edit of the config from a change by hand (publisher).
 * - `copied_tables`: whose rows a subscription copies, and by which definition; `begun` once it may have brought rows, before which
 *   every row is somebody else's (subscriber).
 * - `marker`: the verification's rows. `parity_point`: a row whose arrival marks one position in the stream; its trigger fires in the
 *   apply worker only, and lets whoever holds the lock look at exactly the rows that were committed before it on the publisher.
 */
export const createBookkeeping = `
create schema if not exists ${ownSchema};
comment on schema ${ownSchema} is 'Books of postgres-cluster: applied schema files, publications, copied tables, and the rows by which replication is proven';
create table if not exists ${ownSchema}.schema_files (
  path text primary key, sha256 text not null, applied_at timestamptz not null default clock_timestamp());
create table if not exists ${ownSchema}.publications (name text primary key, declared text not null, catalogue text not null);
create table if not exists ${ownSchema}.copied_tables (
  table_schema text, table_name text, definition text not null, publisher text not null, begun bool not null, primary key (table_schema, table_name));
create table if not exists ${ownSchema}.marker (run uuid, row_number int, value int not null, primary key (run, row_number));
create table if not exists ${ownSchema}.parity_point (run uuid primary key);
create or replace function ${ownSchema}.await_parity_look() returns trigger language plpgsql
  as 'begin perform pg_advisory_xact_lock(${parityLock}); return null; end';
create or replace trigger await_parity_look after insert on ${ownSchema}.parity_point
  for each row execute function ${ownSchema}.await_parity_look();
alter table ${ownSchema}.parity_point enable replica trigger await_parity_look;`;
