import { describe, expect, test } from "vitest";
import { clusterPlan, logicalPlan } from "./support/clusterPlan.ts";
import { declareCluster, secretMark } from "./support/declareCluster.ts";
import { resolved, revealed, withoutSecrets } from "./support/engine.ts";
import { find, types } from "./support/find.ts";

const plan = clusterPlan();
const { resources, outputs } = await declareCluster(plan);
const quorum = resources;

describe("generated passwords and private keys", () => {
  test.each(resources)("$type $name holds none in plain", ({ inputs }) => {
    expect(JSON.stringify(withoutSecrets(inputs))).not.toContain(secretMark);
  });

  test("reach no container, image, volume or network, not even as secrets", () => {
    for (const { type, inputs } of resources) {
      if (type.startsWith("docker:")) expect(JSON.stringify(revealed(inputs)), type).not.toContain(secretMark);
    }
  });

  test("are on no command line", () => {
    for (const { type, inputs } of resources) {
      if (type !== types.command) continue;
      const { environment: _, ...others } = inputs;
      expect(JSON.stringify(revealed(others))).not.toContain(secretMark);
      expect(inputs.logging).toBe("stderr");
    }
  });

  test("reach a node's files in one secret variable", () => {
    const environment = find(resources, "command", "pg-2-files").inputs.environment as Record<string, unknown>;
    const shown = withoutSecrets(environment) as Record<string, unknown>;
    expect(Object.keys(shown).filter((key) => shown[key] === "[secret]")).toEqual(["SECRET_FILES"]);
    const files = JSON.parse((revealed(environment) as { SECRET_FILES: string }).SECRET_FILES);
    expect(Object.keys(files).sort()).toEqual(["passfile", "tls/ca.crt", "tls/server.crt", "tls/server.key"]);
    expect(files["tls/server.key"]).toContain("pg-2-tls-key");
    expect(files.passfile).toContain("replicator-password");
  });

  test("no node gets another node's key, or the authority's, or the application's password", () => {
    const environment = find(resources, "command", "pg-2-files").inputs.environment;
    const text = JSON.stringify(revealed(environment));
    for (const foreign of ["pg-1-tls-key", "pg-3-tls-key", "ca-key", "owner-password", "monitor-password"]) {
      expect(text).not.toContain(foreign);
    }
  });

  test("the hook gets the passwords in one secret variable, and not the authority's key", () => {
    const environment = find(resources, "command", "convergence").inputs.environment as Record<string, unknown>;
    const shown = withoutSecrets(environment) as Record<string, string>;
    expect(Object.keys(shown).filter((key) => shown[key] === "[secret]")).toEqual(["MATERIAL"]);
    expect(JSON.stringify(revealed(environment))).not.toContain("ca-key");
  });
});

test("what changes shows in a preview, line by line: each declared file, and the plan", () => {
  const files = withoutSecrets(find(resources, "command", "pg-1-files").inputs.environment) as Record<string, string>;
  expect(files).toMatchObject({
    POSTGRESQL_CONF: plan.nodes[0]!.files["postgresql.conf"],
    PG_HBA_CONF: plan.nodes[0]!.files["pg_hba.conf"],
    PG_IDENT_CONF: plan.nodes[0]!.files["pg_ident.conf"],
  });
  const hook = withoutSecrets(find(resources, "command", "convergence").inputs.environment) as Record<string, string>;
  expect(hook.PLAN).toMatch(/^ {2}"primary": "pg-1",$/m);
  expect(JSON.parse(hook.CONTAINERS!)).toEqual({ "pg-1": "id of pg-1", "pg-2": "id of pg-2", "pg-3": "id of pg-3" });
});

test("a new run of the hook is an update, not a replacement: it has no triggers", () => {
  for (const { type, inputs } of resources) if (type === types.command) expect(inputs).not.toHaveProperty("triggers");
});

describe("in logical mode", async () => {
  const { resources } = await declareCluster(logicalPlan());
  const hook = find(resources, "command", "convergence");

  test.each(resources)("$type $name holds no secret in plain", ({ inputs }) => {
    expect(JSON.stringify(withoutSecrets(inputs))).not.toContain(secretMark);
  });

  test("a subscriber's passfile has the password of its own role on the publisher, and nobody else's", () => {
    const passfile = (node: string) => {
      const { SECRET_FILES } = revealed(find(resources, "command", `${node}-files`).inputs.environment) as Record<
        string,
        string
      >;
      return JSON.parse(SECRET_FILES!).passfile as string;
    };
    expect(passfile("pg-2")).toMatch(/^\*:5432:\*:subscriber_pg_2:.*pg-2-subscriber-password$/m);
    expect(passfile("pg-3")).toMatch(/^\*:5432:\*:subscriber_pg_3:.*pg-3-subscriber-password$/m);
    expect(passfile("pg-1")).not.toContain("subscriber");
    expect(passfile("pg-2")).not.toContain("pg_3");
  });

  test("the hook gets every subscriber's password", () => {
    const { MATERIAL } = revealed(hook.inputs.environment) as Record<string, string>;
    expect(Object.keys(JSON.parse(MATERIAL!).passwords.subscribers)).toEqual(["pg-2", "pg-3"]);
  });

  test("what changes in a schema file shows in a preview, line by line", () => {
    expect(hook.inputs.stdin).toMatch(/^ {4}"create table users \(id int primary key\);",$/m);
    expect((hook.inputs.environment as Record<string, string>).PLAN).not.toContain("create table");
  });

  test("other modes have nothing on the hook's standard input", () => {
    expect(find(quorum, "command", "convergence").inputs).not.toHaveProperty("stdin");
  });
});

describe("outputs", () => {
  test("connection strings are secret", async () => {
    expect((await resolved(outputs.connectionString)).secret).toBe(true);
    expect((await resolved(outputs.readOnlyConnectionString)).secret).toBe(true);
  });

  test("the verification and the authority's certificate are shown, and hold no secret", async () => {
    for (const output of [outputs.verification, outputs.caCertificate]) {
      const { value, secret } = await resolved<unknown>(output);
      expect(secret).toBe(false);
      expect(JSON.stringify(value)).not.toContain(secretMark);
    }
  });
});
