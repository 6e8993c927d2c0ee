import type { Client } from "pg";
import { ownSchema } from "../configs/ownSchema.ts";
import type { ClusterPlan } from "../configs/plan.ts";
import { UserError } from "../configs/userError.ts";
import { isStatus, NodeContainer } from "./docker.ts";
import { ServerUnavailable, withConnection } from "./sql.ts";

/** A sequence of the application's database. PostgreSQL does not replicate sequences logically. */
export interface Sequence {
  /** Quoted where it has to be, with its schema: as SQL writes it. */
  readonly name: string;
  /** Last value that was given out; null: none yet. A decimal number of up to 64 bits. */
  readonly lastValue: string | null;
  readonly startValue: string;
  /** Negative: it counts down. */
  readonly increment: string;
}

export async function readSequences(client: Client): Promise<Sequence[]> {
  const { rows } = await client.query<Sequence>(
    `select format('%I.%I', schemaname, sequencename) as name, last_value::text as "lastValue",
            start_value::text as "startValue", increment_by::text as increment
       from pg_sequences where schemaname <> $1 order by 1`,
    [ownSchema],
  );
  return rows;
}

/** How many values `subscriber` is behind `publisher`; 0 when it is level or ahead, in the direction in which the sequence counts. */
export function valuesBehind(publisher: Sequence, subscriber: Sequence): bigint {
  if (publisher.lastValue === null) return 0n;
  const values = ({ lastValue, startValue, increment }: Sequence) =>
    lastValue === null ? 0n : (BigInt(lastValue) - BigInt(startValue)) / BigInt(increment) + 1n;
  const steps = values(publisher) - values({ ...publisher, lastValue: subscriber.lastValue });
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
 * Sequences that a subscriber does not have are left out. Throws a UserError when a node can't be reached; what was done by then stays.
 */
export async function syncSequences(plan: ClusterPlan): Promise<SetSequence[]> {
  const wanted = await inDatabase(plan, plan.primary, readSequences);
  const subscribers = (plan.logical?.subscriptions ?? []).map(({ node }) => node);
  const set = await Promise.all(
    subscribers.map((node) => inDatabase(plan, node, (client) => setSequences(client, node, wanted))),
  );
  return set.flat();
}

async function inDatabase<T>(plan: ClusterPlan, node: string, work: (client: Client) => Promise<T>): Promise<T> {
  const { container } = plan.nodes.find(({ name }) => name === node)!;
  try {
    return await withConnection(new NodeContainer(container), work, plan.database);
  } catch (error) {
    if (!(error instanceof ServerUnavailable) && !isStatus(error, 404)) throw error;
    const { stack } = plan;
    const help = `See \`npm run status -- --stack ${stack}\`, and \`npm run up -- --stack ${stack}\`.`;
    throw new UserError(`${node} can't be reached: ${(error as Error).message}. ${help}`, { cause: error });
  }
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

/** For people. */
export function renderSetSequences(set: readonly SetSequence[]): string {
  if (set.length === 0) return "no sequence was behind the publisher's";
  return set.map(({ node, name, from, to }) => `${node}: ${name} from ${from ?? "its start"} to ${to}`).join("\n");
}
