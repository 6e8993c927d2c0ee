import type { Client } from "pg";
import type { ClusterPlan } from "../configs/plan.ts";
import { NodeContainer } from "./docker.ts";
import { ownSchema } from "./logical/bookkeeping.ts";
import { withConnection } from "./sql.ts";

/** A sequence of the application's database. PostgreSQL does not replicate sequences logically. */
export interface Sequence {
  /** Quoted where it has to be, with its schema: as SQL writes it. */
  readonly name: string;
  /** Last value that was given out; null: none yet. A decimal number of up to 64 bits. */
  readonly lastValue: string | null;
  /** Negative: it counts down. */
  readonly increment: string;
}

export async function readSequences(client: Client): Promise<Sequence[]> {
  const { rows } = await client.query<Sequence>(
    `select format('%I.%I', schemaname, sequencename) as name, last_value::text as "lastValue", increment_by::text as increment
       from pg_sequences where schemaname <> $1 order by 1`,
    [ownSchema],
  );
  return rows;
}

/** How many values `subscriber` is behind `publisher`; 0 when it is level or ahead, in the direction in which the sequence counts. */
export function valuesBehind(publisher: Sequence, subscriber: Sequence): bigint {
  if (publisher.lastValue === null) return 0n;
  const increment = BigInt(publisher.increment);
  const before = subscriber.lastValue === null ? null : BigInt(subscriber.lastValue);
  // One that has given out nothing yet is behind by at least the one value.
  const steps = before === null ? 1n : (BigInt(publisher.lastValue) - before) / increment;
  return steps > 0n ? steps : 0n;
}

/** A sequence that was set on a subscriber. */
export interface SetSequence {
  readonly node: string;
  readonly name: string;
  readonly from: string | null;
  readonly to: string;
}

/**
 * Sets every sequence of the subscribers to where the publisher's is, never backwards: what a subscriber gave out itself stays given out.
 * Sequences that a subscriber does not have are left out. Rejects when a node can't be reached; nodes that were done by then stay done.
 */
export async function syncSequences(plan: ClusterPlan): Promise<SetSequence[]> {
  const on = <T>(node: string, work: (client: Client) => Promise<T>) => {
    const { container } = plan.nodes.find(({ name }) => name === node)!;
    return withConnection(new NodeContainer(container), work, plan.database);
  };
  const wanted = await on(plan.primary, readSequences);
  const subscribers = (plan.logical?.subscriptions ?? []).map(({ node }) => node);
  const set = await Promise.all(subscribers.map((node) => on(node, (client) => setSequences(client, node, wanted))));
  return set.flat();
}

async function setSequences(client: Client, node: string, wanted: readonly Sequence[]): Promise<SetSequence[]> {
  const found = new Map((await readSequences(client)).map((sequence) => [sequence.name, sequence]));
  const set: SetSequence[] = [];
  for (const sequence of wanted) {
    const here = found.get(sequence.name);
    if (here === undefined || valuesBehind(sequence, here) === 0n) continue;
    await client.query("select setval($1::regclass, $2)", [sequence.name, sequence.lastValue]);
    set.push({ node, name: sequence.name, from: here.lastValue, to: sequence.lastValue! });
  }
  return set;
}
