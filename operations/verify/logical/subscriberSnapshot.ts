import { parityLock } from "../../logical/bookkeeping.ts";
import { until } from "../../until.ts";
import type { OpenSession } from "./session.ts";

/**
 * Makes the apply worker of this node wait when it comes to the parity point. Gone with the session, which the server itself ends when
 * nothing is heard from us for much longer than the lock is ever held.
 */
export async function holdParityLock({ client }: OpenSession, bound: number): Promise<void> {
  await client.query(`set idle_session_timeout = ${5 * bound}`);
  await client.query(`set lock_timeout = ${bound}`);
  await client.query("select pg_advisory_lock($1)", [parityLock]);
  await client.query("set lock_timeout = 0");
}

/** The leader, or one that applies a large transaction in parallel with it. Another verification may wait as well. */
const workerWaits = `
select from pg_locks l join pg_stat_activity a using (pid)
 where l.locktype = 'advisory' and not l.granted and l.objsubid = 1
   and (l.classid::int8 << 32 | l.objid::int8) = $1 and a.backend_type in ('logical replication apply worker', 'logical replication parallel worker')`;

/**
 * Takes the session's snapshot while the apply worker waits in the parity point's transaction, and lets the worker go on: everything that
 * was committed before the parity point is applied and visible then, and nothing later. Needs the lock of `holdParityLock`, which it
 * releases.
 */
export async function takeSubscriberSnapshot({ client }: OpenSession, bound: number): Promise<void> {
  const arrived = async () => ((await client.query(workerWaits, [parityLock])).rowCount === 0 ? undefined : true);
  const onTimeout = () => new Error(`the parity point did not arrive within ${bound} ms`);
  await until(arrived, { timeout: bound, interval: 2, onTimeout }).catch(async (error) => {
    await client.query("select pg_advisory_unlock($1)", [parityLock]);
    throw error;
  });
  // The first of the queries takes the snapshot.
  await client.query(
    `begin isolation level repeatable read read only; select 1; select pg_advisory_unlock(${parityLock})`,
  );
}
