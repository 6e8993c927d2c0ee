import { resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { PostgresCluster } from "./components/postgresCluster.ts";
import { loadSpec } from "./configs/load.ts";
import { type ClusterPlan, planCluster } from "./configs/plan.ts";
import { UserError } from "./configs/userError.ts";

// The SDK takes the stack of every promise that it makes, and maps each through its source maps: a fifth of the program's time. Node
// runs our files as they are written.
Reflect.deleteProperty(Error, "prepareStackTrace");

const plan = await planOrExplain();
const caFile = resolve(".postgres-cluster", plan.stack, "ca.crt");
const cluster = new PostgresCluster(plan.stack, { plan, caFile });

export const primary = plan.primary;
export const endpoints = plan.nodes.map(({ name, publishAddress, port, role }) => ({
  name,
  host: publishAddress,
  port,
  role,
}));
export const { connectionString, readOnlyConnectionString, caCertificate, verification } = cluster;

/** A RunError is shown by Pulumi as its message alone. */
async function planOrExplain(): Promise<ClusterPlan> {
  try {
    return planCluster(await loadSpec());
  } catch (error) {
    throw error instanceof UserError ? new pulumi.RunError(error.message) : error;
  }
}
