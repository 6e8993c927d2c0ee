import { type ClusterPlan, planCluster } from "../../../configs/plan.ts";
import type { ClusterSpec, NodeSpec } from "../../../configs/spec.ts";

export const gibibyte = 2 ** 30;

export function node(name: string, port: number, more: Partial<NodeSpec> = {}): NodeSpec {
  return { name, port, parameters: {}, resources: { memory: gibibyte, shmSize: gibibyte / 4 }, ...more };
}

export const threeNodes = [node("pg-1", 5442), node("pg-2", 5443), node("pg-3", 5444)];

/** The plan of stack `quorum`, or what the test makes of it. */
export function clusterPlan(change: Partial<ClusterSpec> = {}): ClusterPlan {
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
  const { synchronous, ...async } = { ...quorum, ...change };
  return planCluster(change.mode === "async" ? async : { ...async, ...(synchronous && { synchronous }) });
}
