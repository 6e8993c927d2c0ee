import { resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { PostgresCluster } from "./components/postgresCluster.ts";
import { loadSpec } from "./configs/load.ts";
import { planCluster } from "./configs/plan.ts";

const plan = planCluster(loadSpec());
const caFile = resolve(".postgres-cluster", plan.stack, "ca.crt");
const cluster = new PostgresCluster(pulumi.getStack(), { plan, caFile });

export const primary = plan.primary;
export const endpoints = plan.nodes.map(({ name, publishAddress, port, role }) => ({
  name,
  host: publishAddress,
  port,
  role,
}));
export const { connectionString, readOnlyConnectionString, caCertificate, verification } = cluster;
