import * as pulumi from "@pulumi/pulumi";
import { beforeEach, expect, test, vi } from "vitest";
import { createResource } from "./support/declareCluster.ts";
import { resolved, runProgram } from "./support/engine.ts";

/** index.ts, as Pulumi runs it. */
async function runIndex(config: Record<string, unknown>) {
  const entries = Object.entries(config).map(([key, value]) => [
    `postgres-cluster:${key}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  pulumi.runtime.setAllConfig(Object.fromEntries(entries));
  const { outputs } = await runProgram(() => import("../../index.ts"), createResource);
  return outputs;
}

const nodes = ["pg-1", "pg-2", "pg-3"].map((name, index) => ({ name, port: 5442 + index }));

beforeEach(() => vi.resetModules());

test("the outputs say where each node is reached, and what was verified", async () => {
  const outputs = await runIndex({ mode: "quorum", nodes, primary: "pg-2" });
  expect(outputs.primary).toBe("pg-2");
  expect(outputs.endpoints).toEqual([
    { name: "pg-1", host: "127.0.0.1", port: 5442, role: "standby" },
    { name: "pg-2", host: "127.0.0.1", port: 5443, role: "primary" },
    { name: "pg-3", host: "127.0.0.1", port: 5444, role: "standby" },
  ]);
  expect((await resolved(outputs.verification)).value).toMatchObject({ ok: true });
  const { value } = await resolved(outputs.connectionString);
  expect(value).toMatch(/^postgresql:\/\/app:.*%2F\.postgres-cluster%2Fquorum%2Fca\.crt$/);
});

test("a config with faults ends in Pulumi's own error, which is shown without a stack trace", async () => {
  const failed = runIndex({ mode: "quorum", nodes, primary: "pg-9", colour: "red" });
  await expect(failed).rejects.toThrow(pulumi.RunError);
  await expect(failed).rejects.toThrow(/pg-9[\s\S]*colour|colour[\s\S]*pg-9/);
});
