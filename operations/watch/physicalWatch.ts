import type { ClusterPlan } from "../../configs/plan.ts";
import { superuser } from "../../configs/roles.ts";
import { NodeContainer } from "../docker.ts";
import { NodeConnection } from "./nodeConnection.ts";
import { type PhysicalSample, takePhysicalSample } from "./physicalSample.ts";
import { type PhysicalAnswers, type PhysicalView, physicalView } from "./physicalView.ts";
import { physicalLine, physicalTable } from "./renderPhysical.ts";
import type { WatchSource } from "./watchSource.ts";

/** A primary and its standbys, modes `async` and `quorum`. */
export class PhysicalWatch implements WatchSource<PhysicalView> {
  readonly table = physicalTable;
  readonly line = physicalLine;
  private readonly plan: ClusterPlan;
  private readonly connections: ReadonlyMap<string, NodeConnection<PhysicalSample>>;
  private before: PhysicalAnswers = {};

  constructor(plan: ClusterPlan) {
    this.plan = plan;
    const question = (client: Parameters<typeof takePhysicalSample>[0]) => takePhysicalSample(client, plan.database);
    this.connections = new Map(
      plan.nodes.map(({ name, container }) => [
        name,
        new NodeConnection(new NodeContainer(container), superuser, question),
      ]),
    );
  }

  async look(bound: number): Promise<PhysicalView> {
    const asked = [...this.connections].map(async ([node, connection]) => [node, await connection.ask(bound)] as const);
    const answers: PhysicalAnswers = Object.fromEntries(await Promise.all(asked));
    const view = physicalView(this.plan, answers, this.before, new Date());
    this.before = answers;
    return view;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.connections.values()].map((connection) => connection[Symbol.asyncDispose]()));
  }
}
