import { type ClusterPlan, planCluster } from "../../../configs/plan.ts";
import { type ClusterSpec, type LogicalSpec, type NodeSpec, operations } from "../../../configs/spec.ts";

export const gibibyte = 2 ** 30;

export function node(name: string, port: number, more: Partial<NodeSpec> = {}): NodeSpec {
  return { name, port, parameters: {}, resources: { memory: gibibyte, shmSize: gibibyte / 4 }, ...more };
}

export const threeNodes = [node("pg-1", 5442), node("pg-2", 5443), node("pg-3", 5444)];

const quorum: ClusterSpec = {
  stack: "quorum",
  mode: "quorum",
  failover: "manual",
  nodes: threeNodes,
  primary: "pg-1",
  synchronous: { method: "any", number: 1, dataDurability: "required" },
  database: "app",
  publishAddress: "127.0.0.1",
  postgresVersion: 17,
};

/** A publisher and two subscribers, of which the second gets all, the first one table of it. */
const logical: LogicalSpec = {
  schemaFiles: [
    { path: "schema/001.sql", text: "create table users (id int primary key);\ncreate table orders ();\n" },
  ],
  publications: [
    {
      name: "users_pub",
      content: { kind: "tables", tables: [{ schema: "public", name: "users", columns: ["id"], where: "id > 0" }] },
      operations,
      subscribers: ["pg-2"],
    },
    { name: "all_pub", content: { kind: "allTables" }, operations: ["insert"], subscribers: ["pg-3"] },
  ],
  initialCopy: "copy",
};

/** The plan of a stack in logical mode, or what the test makes of it. */
export function logicalPlan(change: Partial<LogicalSpec> = {}): ClusterPlan {
  const { synchronous: _, ...spec } = quorum;
  return planCluster({ ...spec, stack: "logical", mode: "logical", logical: { ...logical, ...change } });
}

/** The plan of stack `quorum`, or what the test makes of it. */
export function clusterPlan(change: Partial<ClusterSpec> = {}): ClusterPlan {
  const { synchronous, ...async } = { ...quorum, ...change };
  return planCluster(change.mode === "async" ? async : { ...async, ...(synchronous && { synchronous }) });
}
