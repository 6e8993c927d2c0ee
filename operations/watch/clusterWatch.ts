import type { Client } from "pg";
import type { ClusterPlan } from "../../configs/plan.ts";
import { NodeContainer } from "../docker.ts";
import { logicalReplication } from "./logicalReplication.ts";
import { type NodeAnswer, NodeConnection } from "./nodeConnection.ts";
import { physicalReplication } from "./physicalReplication.ts";

/** By node. */
export type NodeAnswers<Sample> = Readonly<Record<string, NodeAnswer<Sample>>>;

/** What is asked and shown of one kind of replication. */
export interface WatchedReplication<Sample, View> {
  /** The database to which every node's connection goes. */
  database(plan: ClusterPlan): string;
  /** What a running node says of itself: one query, well below a second. */
  sample(client: Client, plan: ClusterPlan): Promise<Sample>;
  /** Pure. What a look and the one before it say together; plain data, which `--json` prints. `before` is empty at first. */
  view(plan: ClusterPlan, answers: NodeAnswers<Sample>, before: NodeAnswers<Sample>, at: Date): View;
  /** Several lines, to be replaced in place. */
  table(view: View): string;
  /** One line, to be followed by the next. */
  line(view: View): string;
}

/** A cluster as it is watched: each look is a view, shown as a table or a line. */
export type ClusterWatch = Looks<unknown>;

/** Keeps a connection to each node until it is disposed of. Here is where a mode with replication of its own kind plugs in. */
export function watchCluster(plan: ClusterPlan): ClusterWatch {
  return plan.logical === undefined ? new Looks(plan, physicalReplication) : new Looks(plan, logicalReplication);
}

/** Looks at a cluster with a connection to each node that is kept open from look to look. */
export class Looks<View, Sample = unknown> implements AsyncDisposable {
  private readonly plan: ClusterPlan;
  private readonly replication: WatchedReplication<Sample, View>;
  private readonly connections: readonly (readonly [node: string, NodeConnection<Sample>])[];
  private before: NodeAnswers<Sample> = {};

  constructor(plan: ClusterPlan, replication: WatchedReplication<Sample, View>) {
    this.plan = plan;
    this.replication = replication;
    this.connections = plan.nodes.map(({ name, container }) => {
      const ask = (client: Client) => replication.sample(client, plan);
      return [name, new NodeConnection(new NodeContainer(container), replication.database(plan), ask)];
    });
  }

  /** The cluster at this moment. A node that does not answer within `bound` milliseconds is part of the view. */
  async look(bound: number): Promise<View> {
    const asked = this.connections.map(async ([node, connection]) => [node, await connection.ask(bound)] as const);
    const answers = Object.fromEntries(await Promise.all(asked));
    const view = this.replication.view(this.plan, answers, this.before, new Date());
    this.before = answers;
    return view;
  }

  table(view: View): string {
    return this.replication.table(view);
  }

  line(view: View): string {
    return this.replication.line(view);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.connections.map(([, connection]) => connection[Symbol.asyncDispose]()));
  }
}
