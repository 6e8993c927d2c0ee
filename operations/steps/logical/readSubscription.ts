import type { Client } from "pg";
import { subscriptionOptionsOf } from "../../logical/subscriptionOptions.ts";

/** A subscription as it is at this moment. */
export interface Subscription {
  readonly conninfo: string;
  readonly options: string;
  /** Sorted. */
  readonly publications: readonly string[];
  readonly enabled: boolean;
  /** Process of its apply worker; null while there is none. */
  readonly worker: number | null;
  /** Some table does not follow the stream yet. */
  readonly copying: boolean;
}

/** The subscription must be there. */
export async function readSubscription(client: Client, name: string): Promise<Subscription> {
  const { rows } = await client.query<Subscription>(
    `select s.subconninfo as conninfo, ${subscriptionOptionsOf("s")} as options, s.subenabled as enabled,
            (select array_agg(p order by p) from unnest(s.subpublications) p) as publications,
            (select w.pid from pg_stat_subscription w where w.subid = s.oid and w.worker_type = 'apply') as worker,
            exists (select from pg_subscription_rel r where r.srsubid = s.oid and r.srsubstate <> 'r') as copying
       from pg_subscription s where s.subname = $1`,
    [name],
  );
  return rows[0]!;
}
