import type { ClusterPlan } from "../../configs/plan.ts";
import { answerOf } from "./answerOf.ts";
import type { NodeAnswers } from "./clusterWatch.ts";
import { rateBetween, type Timed } from "./rates.ts";

/** What one running node of a logical cluster says of itself at one moment. */
export interface LogicalSample extends Timed {
  /** Rows inserted, updated and deleted in the application's database since the server's statistics began. */
  readonly rowsChanged: number;
  /** Rows in each published table, by its name with schema. */
  readonly tables: Readonly<Record<string, number>>;
  /** Publisher only: its subscribers that have a slot. */
  readonly subscribers: readonly SubscriberSample[];
}

/** Lag is from the publisher's flushed WAL to what the subscriber has flushed. */
export interface SubscriberSample {
  readonly node: string;
  /** In the words of pg_stat_replication. */
  readonly state: string;
  readonly lagBytes: number | null;
  readonly lagSeconds: number | null;
}

/** What `watch --json` prints each time for a cluster with logical replication. */
export interface LogicalView {
  readonly stack: string;
  readonly mode: string;
  /** ISO 8601. */
  readonly at: string;
  readonly nodes: readonly WatchedLogicalNode[];
  readonly tables: readonly WatchedTable[];
}

/** null is what does not apply, is not known, or needs a look before this one. */
export interface WatchedLogicalNode {
  readonly node: string;
  readonly role: "publisher" | "subscriber";
  readonly state: string;
  readonly lagBytes: number | null;
  readonly lagSeconds: number | null;
  /** Written on the publisher, applied on a subscriber. */
  readonly rowsChangedPerSecond: number | null;
}

export interface WatchedTable {
  /** With its schema. */
  readonly table: string;
  /** By node; null where it isn't known. */
  readonly rows: Readonly<Record<string, number | null>>;
}

/** What two looks, one after the other, say together. The planned primary is the publisher. */
export function logicalView(
  plan: Pick<ClusterPlan, "stack" | "mode" | "primary"> & { readonly nodes: readonly { readonly name: string }[] },
  answers: NodeAnswers<LogicalSample>,
  before: NodeAnswers<LogicalSample>,
  at: Date,
): LogicalView {
  const names = plan.nodes.map(({ name }) => name);
  const publisher = answerOf(answers, plan.primary);
  const nodes = names.map((node): WatchedLogicalNode => {
    const answer = answers[node]!;
    const now = answerOf(answers, node);
    const subscriber = publisher?.subscribers.find((each) => each.node === node);
    const role = node === plan.primary ? "publisher" : "subscriber";
    const running = role === "publisher" ? "running" : (subscriber?.state ?? "not streaming");
    return {
      node,
      role,
      state: "state" in answer ? answer.state : running,
      lagBytes: subscriber?.lagBytes ?? null,
      lagSeconds: subscriber?.lagSeconds ?? null,
      rowsChangedPerSecond: now ? rateBetween(answerOf(before, node), now, ({ rowsChanged }) => rowsChanged) : null,
    };
  });
  const tables = new Set(names.flatMap((node) => Object.keys(answerOf(answers, node)?.tables ?? {})));
  const rowsOf = (table: string) => names.map((node) => [node, answerOf(answers, node)?.tables[table] ?? null]);
  return {
    stack: plan.stack,
    mode: plan.mode,
    at: at.toISOString(),
    nodes,
    tables: [...tables].sort().map((table) => ({ table, rows: Object.fromEntries(rowsOf(table)) })),
  };
}
