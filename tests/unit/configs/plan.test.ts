import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { planCluster } from "../../../configs/plan.ts";
import { describePlan, describeSchema, readPlan } from "../../../configs/planText.ts";
import { mandatoryParameters } from "../../../configs/render/parameterLayers.ts";
import { renderRuntime } from "../../../configs/render/runtime.ts";
import { reasonFixed } from "../../../configs/validation/fixedParameters.ts";
import { logicalConfig, logicalReader } from "./logicalSpecs.ts";
import { asyncConfig, quorumConfig, specOf } from "./specs.ts";

const name = fc.stringMatching(/^[a-z]([a-z0-9-]{0,20}[a-z0-9])?$/).filter((value) => value !== "localhost");
const names = fc.uniqueArray(name, { minLength: 3, maxLength: 9 });
const config = (nodeNames: readonly string[], primary: string) =>
  quorumConfig({ nodes: nodeNames.map((each, index) => ({ name: each, port: 6000 + index })), primary });

const quorum = planCluster(specOf(quorumConfig(), "quorum"));

describe("a plan", () => {
  test("names nothing twice, whatever the nodes are called", () => {
    fc.assert(
      fc.property(names, (nodeNames) => {
        const { nodes } = planCluster(specOf(config(nodeNames, nodeNames[0] as string)));
        for (const key of ["container", "dataVolume", "configVolume", "slot", "applicationName", "port"] as const) {
          expect(new Set(nodes.map((node) => node[key])).size).toBe(nodes.length);
        }
        for (const { slot, configVolume } of nodes) {
          expect(slot).toMatch(/^[a-z0-9_]{1,63}$/);
          expect(configVolume.length).toBeLessThanOrEqual(63);
        }
      }),
    );
  });

  test("has one primary, the declared one", () => {
    fc.assert(
      fc.property(names, fc.nat(), (nodeNames, index) => {
        const primary = nodeNames[index % nodeNames.length] as string;
        const { nodes } = planCluster(specOf(config(nodeNames, primary)));
        expect(nodes.filter(({ role }) => role === "primary").map((node) => node.name)).toEqual([primary]);
      }),
    );
  });

  test("changes nothing but roles in a switchover: no file, no quorum", () => {
    const strip = (primary: string) => {
      const { primary: _, nodes, ...cluster } = planCluster(specOf(quorumConfig({ primary })));
      return { ...cluster, nodes: nodes.map(({ role: _role, ...node }) => node) };
    };
    expect(strip("pg-2")).toEqual(strip("pg-1"));
  });

  test("changes no declared file between async and quorum: a reload of the runtime settings is all", () => {
    const files = (config: Parameters<typeof specOf>[0]) => planCluster(specOf(config)).nodes.map((node) => node.files);
    expect(files(asyncConfig())).toEqual(files(quorumConfig()));
  });

  test("changes no file of the others when a node joins", () => {
    const more = planCluster(specOf(config(["pg-1", "pg-2", "pg-3", "pg-4"], "pg-1")));
    const less = planCluster(specOf(config(["pg-1", "pg-2", "pg-3"], "pg-1")));
    expect(more.nodes.slice(0, 3)).toEqual(less.nodes);
  });

  test.each([
    ["async", asyncConfig(), ""],
    ["quorum", quorumConfig(), 'ANY 1 ("pg-1", "pg-2", "pg-3")'],
    ["quorum, first", quorumConfig({ synchronous: { method: "first" } }), 'FIRST 1 ("pg-1", "pg-2", "pg-3")'],
  ])("has the standby names of mode %s", (_, config, expected) => {
    expect(planCluster(specOf(config)).synchronousStandbyNames).toBe(expected);
  });
});

describe("a plan of mode logical", () => {
  const sql = "create table users (id int primary key);\ncreate table orders (id int primary key);\r\n";
  const publications = [
    { name: "z", tables: [{ name: "users" }], subscribers: ["pg-4", "pg-2"] },
    { name: "a", tables: [{ name: "orders" }], subscribers: ["pg-2"] },
  ];
  const planOf = (overrides = {}) =>
    planCluster(specOf(logicalConfig({ publications, ...overrides }), "test", logicalReader({ "schema.sql": sql })));
  const plan = planOf();

  test("has a publisher, and subscribers with a subscription each that some publication names", () => {
    expect(plan.nodes.map(({ name, role }) => `${name} ${role}`)).toEqual([
      "pg-1 publisher",
      "pg-2 subscriber",
      "pg-3 subscriber",
      "pg-4 subscriber",
    ]);
    expect(plan.logical?.subscriptions.map(({ conninfo: _, ...each }) => each)).toEqual([
      { node: "pg-2", name: "pg_2", slot: "pg_2", role: "subscriber_pg_2", publications: ["a", "z"] },
      { node: "pg-4", name: "pg_4", slot: "pg_4", role: "subscriber_pg_4", publications: ["z"] },
    ]);
  });

  test("connects a subscriber to the publisher with TLS that is verified, and without a password", () => {
    expect(plan.logical?.subscriptions[0]?.conninfo).toBe(
      "host=pg-1 port=5432 user=subscriber_pg_2 dbname=app application_name=pg_2 passfile=/etc/postgres-cluster/current/passfile sslmode=verify-full sslrootcert=/etc/postgres-cluster/current/tls/ca.crt channel_binding=require",
    );
  });

  test("changes no file of any node when a subscriber joins or leaves", () => {
    const { nodes } = logicalConfig() as { nodes: { name: string }[] };
    const fewer = planOf({ nodes: nodes.slice(0, 2), publications: [{ name: "a", tables: [{ name: "orders" }] }] });
    expect(plan.nodes.slice(0, 2)).toEqual(fewer.nodes);
  });

  test("names no slot, subscription or role twice, whatever the nodes are called", () => {
    fc.assert(
      fc.property(names, (nodeNames) => {
        const nodes = nodeNames.map((each, index) => ({ name: each, port: 6000 + index }));
        const { logical } = planOf({
          nodes,
          primary: nodeNames[0],
          publications: [{ name: "a", tables: [{ name: "users" }] }],
        });
        for (const key of ["name", "slot", "role"] as const) {
          const found = logical!.subscriptions.map((each) => each[key]);
          expect(new Set(found).size).toBe(nodeNames.length - 1);
          for (const each of found) expect(each).toMatch(/^[a-z0-9_]{1,63}$/);
        }
      }),
    );
  });

  test("lets its parameters be overridden", () => {
    const { files } = planOf({ parameters: { max_worker_processes: 30 } }).nodes[1]!;
    expect(files["postgresql.conf"]).toMatch(/^max_worker_processes = 30$/m);
    expect(files["postgresql.conf"]).toMatch(/^max_replication_slots = 50$/m);
  });

  describe("as text", () => {
    const files = Object.fromEntries(plan.nodes.map((node) => [node.name, node.files]));

    test("leaves the schema's texts to the hook's standard input, and is read back whole", () => {
      expect(describePlan(plan)).not.toContain("create table");
      expect(readPlan(describePlan(plan), files, describeSchema(plan))).toEqual(plan);
    });

    test("is not read with another text than the plan's", () => {
      const other = describeSchema(plan)!.replace("users", "people");
      expect(() => readPlan(describePlan(plan), files, other)).toThrow(/schema\.sql is not the plan's/);
      expect(() => readPlan(describePlan(plan), files)).toThrow(/schema\.sql is not the plan's/);
    });

    test("of another mode has no schema", () => {
      expect(describeSchema(quorum)).toBeUndefined();
    });
  });
});

describe("postgresql.conf", () => {
  const lines = (quorum.nodes[0]?.files["postgresql.conf"] ?? "").split("\n");
  const settings = lines
    .filter((line) => / = /.test(line) && !line.startsWith("#"))
    .map((line) => line.split(" = ")[0]);

  test("sets each parameter once", () => expect(new Set(settings).size).toBe(settings.length));

  test("ends with the runtime file, so that what it says holds", () => {
    expect(lines.slice(-2)).toEqual(["include '/etc/postgres-cluster/runtime/postgresql.conf'", ""]);
  });

  test("leaves what changes in an order to the runtime file", () => {
    expect(settings).not.toContain("synchronous_standby_names");
    expect(settings).not.toContain("primary_conninfo");
  });

  test("has no mandatory parameter that a user may set", () => {
    expect(Object.keys(mandatoryParameters("pg-1")).filter((each) => reasonFixed(each) === undefined)).toEqual([]);
  });
});

describe("the runtime file", () => {
  test("of a standby follows the primary that is, not the one that is planned", () => {
    const text = renderRuntime(quorum, "pg-1", { primary: "pg-2", synchronous: true });
    expect(text).toMatch(
      /^primary_conninfo = 'host=pg-2 port=5432 user=replicator .*application_name=pg-1 .*sslmode=verify-full/m,
    );
    expect(text).toMatch(/^primary_slot_name = pg_1$/m);
  });

  test("of the primary follows nobody", () => {
    const text = renderRuntime(quorum, "pg-2", { primary: "pg-2", synchronous: false });
    expect(text).toMatch(/^primary_conninfo = ''$/m);
    expect(text).toMatch(/^primary_slot_name = ''$/m);
  });

  test("names standbys only once replication is synchronous", () => {
    const line = (synchronous: boolean) =>
      /^synchronous_standby_names = .*$/m.exec(renderRuntime(quorum, "pg-1", { primary: "pg-1", synchronous }))?.[0];
    expect(line(false)).toBe("synchronous_standby_names = ''");
    expect(line(true)).toBe(`synchronous_standby_names = 'ANY 1 ("pg-1", "pg-2", "pg-3")'`);
  });

  test("holds no password", () => {
    expect(renderRuntime(quorum, "pg-3", { primary: "pg-1", synchronous: true })).not.toMatch(/password/);
  });

  test.each([
    ["pg-9", "pg-1"],
    ["pg-1", "pg-9"],
  ])("of an unknown node or primary (%s, %s) is a bug", (node, primary) => {
    expect(() => renderRuntime(quorum, node, { primary, synchronous: true })).toThrow(/no node pg-9/);
  });
});
