import { describe, expect, test } from "vitest";
import type { RawConfig } from "../../../configs/rawConfig.ts";
import { asyncConfig, faultPaths, faultsOf, quorumConfig, specOf } from "./specs.ts";

const nodes = (...names: string[]) => names.map((name, index) => ({ name, port: 6000 + index }));

describe("a valid config", () => {
  test("gets every default", () => {
    expect(specOf(quorumConfig())).toEqual({
      stack: "test",
      mode: "quorum",
      failover: "manual",
      nodes: ["pg-1", "pg-2", "pg-3"].map((name, index) => ({
        name,
        port: 5442 + index,
        parameters: {},
        resources: { memory: 1024 ** 3, shmSize: 256 * 1024 ** 2 },
      })),
      primary: "pg-1",
      synchronous: { method: "any", number: 1, dataDurability: "required" },
      database: "app",
      publishAddress: "127.0.0.1",
      postgresVersion: 17,
    });
  });

  test("has no `synchronous` in async mode", () => {
    expect(specOf(asyncConfig())).not.toHaveProperty("synchronous");
  });

  test("takes the empty defaults that Pulumi.yaml declares for absent keys", () => {
    expect(specOf(asyncConfig({ synchronous: {}, parameters: {}, resources: {} }))).toEqual(specOf(asyncConfig()));
  });

  test("may have a single node in async mode", () => {
    expect(specOf(asyncConfig({ nodes: nodes("pg-1") })).nodes).toHaveLength(1);
  });

  test("lets a node override the cluster's parameters and resources, whichever way they are spelled", () => {
    const spec = specOf(
      quorumConfig({
        parameters: { WORK_MEM: "8MB", jit: false, "Auto_Explain.log_format": "text" },
        resources: { memory: "1.5GB", cpus: 1.5 },
        nodes: [
          ...nodes("pg-1", "pg-3"),
          {
            name: "pg-2",
            port: 7000,
            parameters: { work_mem: 4096, "auto_explain.LOG_FORMAT": "json" },
            resources: { memory: "2GB" },
          },
        ],
      }),
    );
    expect(spec.nodes[0]?.parameters).toEqual({ work_mem: "8MB", jit: "off", "auto_explain.log_format": "text" });
    expect(spec.nodes[2]?.parameters).toEqual({ work_mem: "4096", jit: "off", "auto_explain.log_format": "json" });
    expect(spec.nodes[0]?.resources).toEqual({ memory: 1536 * 1024 ** 2, shmSize: 256 * 1024 ** 2, cpus: 1.5 });
    expect(spec.nodes[2]?.resources).toEqual({ memory: 2048 * 1024 ** 2, shmSize: 256 * 1024 ** 2, cpus: 1.5 });
  });

  test.each([
    ["the highest number", { synchronous: { number: 2 }, nodes: nodes("pg-1", "b", "c", "d") }],
    ["first", { synchronous: { method: "first", dataDurability: "required" } }],
    ["Pulumi's text for a number", { postgresVersion: "17" }],
    ["an IPv6 address", { publishAddress: "::1" }],
    ["the widest port", { nodes: [{ name: "pg-1", port: 65535 }, ...nodes("b", "c")] }],
    ["a stricter synchronous_commit", { parameters: { synchronous_commit: "remote_apply" } }],
    ["a library that the nodes have", { parameters: { shared_preload_libraries: "pg_stat_statements, auto_explain" } }],
  ])("may have %s", (_, overrides) => {
    expect(faultsOf(quorumConfig(overrides))).toBe("");
  });
});

describe("a fault", () => {
  test.each<[what: string, overrides: RawConfig, paths: string[], text: RegExp]>([
    ["unknown key without a value", { sychronous: {} }, ["sychronous"], /did you mean synchronous\?/],
    ["unknown key", { parameter: { a: 1 } }, ["parameter"], /did you mean parameters\?/],
    [
      "unknown key of a node",
      { nodes: [...nodes("pg-1", "b"), { name: "c", port: 1, prot: 2 }] },
      ["nodes[2].prot"],
      /did you mean port\?/,
    ],
    ["unknown key of synchronous", { synchronous: { nubmer: 1 } }, ["synchronous.nubmer"], /did you mean number\?/],
    ["unknown key of resources", { resources: { cpu: 1 } }, ["resources.cpu"], /did you mean cpus\?/],
    ["unknown mode", { mode: "quorom" }, ["mode"], /allowed: async, quorum/],
    [
      "unknown mode, which promises nothing of commits",
      { mode: "quorom", parameters: { synchronous_commit: "off", max_wal_senders: 3 } },
      ["mode", "parameters.max_wal_senders"],
      /is too few for 2 standbys/,
    ],
    ["missing mode", { mode: undefined }, ["mode"], /is missing/],
    ["missing nodes", { nodes: undefined }, ["nodes"], /is missing/],
    ["nodes as a mapping", { nodes: { "pg-1": { port: 1 } } }, ["nodes"], /is no list/],
    ["a node as a name", { nodes: [...nodes("pg-1", "b"), "c"] }, ["nodes[2]"], /is no mapping/],
    ["missing port", { nodes: [...nodes("pg-1", "b"), { name: "c" }] }, ["nodes[2].port"], /is missing/],
    [
      "port as text",
      { nodes: [...nodes("pg-1", "b"), { name: "c", port: "5432" }] },
      ["nodes[2].port"],
      /is no number/,
    ],
    ["port 0", { nodes: [...nodes("pg-1", "b"), { name: "c", port: 0 }] }, ["nodes[2].port"], /from 1 to 65535/],
    ["port 65536", { nodes: [...nodes("pg-1", "b"), { name: "c", port: 65536 }] }, ["nodes[2].port"], /out of range/],
    ["half a port", { nodes: [...nodes("pg-1", "b"), { name: "c", port: 1.5 }] }, ["nodes[2].port"], /whole number/],
    [
      "duplicate name",
      { nodes: [...nodes("pg-1", "b"), { name: "b", port: 1 }] },
      ["nodes[2].name"],
      /the same as nodes\[1\]\.name/,
    ],
    [
      "duplicate port",
      { nodes: [...nodes("pg-1", "b"), { name: "c", port: 6001 }] },
      ["nodes[2].port"],
      /the same as nodes\[1\]\.port/,
    ],
    ["upper-case name", { nodes: nodes("pg-1", "b", "C") }, ["nodes[2].name"], /lower-case letters/],
    ["name with an underscore", { nodes: nodes("pg-1", "b", "c_d") }, ["nodes[2].name"], /no host name/],
    ["name that is a number", { nodes: nodes("pg-1", "b", "3") }, ["nodes[2].name"], /beginning with a letter/],
    [
      "name that ends with a hyphen",
      { nodes: nodes("pg-1", "b", "c-") },
      ["nodes[2].name"],
      /not ending with a hyphen/,
    ],
    ["name localhost", { nodes: nodes("pg-1", "b", "localhost") }, ["nodes[2].name"], /every container/],
    ["name too long", { nodes: nodes("pg-1", "b", "c".repeat(52)) }, ["nodes[2].name"], /up to 51 characters/],
    [
      "a name at fault is the primary",
      { nodes: nodes("PG-1", "b", "c"), primary: "PG-1" },
      ["nodes[0].name"],
      /no host name/,
    ],
    ["unknown primary", { primary: "pg-4" }, ["primary"], /allowed: pg-1, pg-2, pg-3/],
    ["missing primary", { primary: "" }, ["primary"], /is missing/],
    ["too few nodes", { nodes: nodes("pg-1", "b") }, ["nodes"], /allowed: 3 nodes or more/],
    ["number of all standbys", { synchronous: { number: 2 } }, ["synchronous.number"], /allowed: 1: fewer/],
    ["number 0", { synchronous: { number: 0 } }, ["synchronous.number"], /no standby at all/],
    ["number as text", { synchronous: { number: "1" } }, ["synchronous.number"], /is no number/],
    ["unknown method", { synchronous: { method: "all" } }, ["synchronous.method"], /any .* or first/],
    [
      "unknown durability",
      { synchronous: { dataDurability: true } },
      ["synchronous.dataDurability"],
      /preferred.* is not built yet/,
    ],
    ["synchronous as text", { synchronous: "any" }, ["synchronous"], /is no mapping/],
    [
      "synchronous in async mode",
      { mode: "async", synchronous: { number: 1 } },
      ["synchronous"],
      /belongs to mode quorum/,
    ],
    [
      "synchronous where the mode is unknown",
      { mode: "x", synchronous: { number: 0 } },
      ["mode", "synchronous.number"],
      /no standby at all/,
    ],
    ["database postgres", { database: "postgres" }, ["database"], /by the cluster itself/],
    ["database of a role's name", { database: "replicator" }, ["database"], /by the cluster itself/],
    ["database template1", { database: "template1" }, ["database"], /PostgreSQL's own/],
    ["database pg_app", { database: "pg_app" }, ["database"], /PostgreSQL's own/],
    ["database with a hyphen", { database: "my-app" }, ["database"], /without quotes/],
    ["database too long", { database: "a".repeat(64) }, ["database"], /longer than 63/],
    ["database as a number", { database: 5 }, ["database"], /is no text/],
    ["host name to publish on", { publishAddress: "localhost" }, ["publishAddress"], /IPv4 or IPv6/],
    ["address with a zone", { publishAddress: "fe80::1%eth0" }, ["publishAddress"], /no IP address/],
    ["PostgreSQL 16", { postgresVersion: 16 }, ["postgresVersion"], /allowed: 17/],
    ["automatic failover", { failover: "automatic" }, ["failover"], /later version/],
    ["size without unit", { resources: { memory: "1073741824" } }, ["resources.memory"], /has no unit/],
    ["size as a number", { resources: { memory: 1073741824 } }, ["resources.memory"], /text with a unit/],
    ["size with a wrong unit", { resources: { memory: "1G" } }, ["resources.memory"], /no unit "G"/],
    [
      "size of half a megabyte",
      { resources: { memory: "1.0005GB", shmSize: "16385kB" } },
      ["resources.shmSize"],
      /whole number of megabytes/,
    ],
    ["too little memory", { resources: { memory: "32MB" } }, ["resources.memory"], /64MB or more/],
    ["no cpus", { resources: { cpus: 0 } }, ["resources.cpus"], /0\.01 or more/],
    [
      "memory that the defaults do not fit into",
      { resources: { memory: "128MB" } },
      ["resources.memory"],
      /do not fit/,
    ],
    [
      "shared_buffers larger than the memory",
      { parameters: { shared_buffers: "2GB" } },
      ["parameters.shared_buffers"],
      /do not fit into the container's 1024MB/,
    ],
    [
      "one node's memory too small",
      { nodes: [...nodes("pg-1", "b"), { name: "c", port: 1, resources: { memory: "64MB" } }] },
      ["nodes[2].resources.memory"],
      /do not fit/,
    ],
  ])("%s", (_, overrides, paths, text) => {
    const config = quorumConfig(overrides);
    expect(faultPaths(config)).toEqual(paths);
    expect(faultsOf(config)).toMatch(text);
  });

  test("of the stack's own name is found, too", () => {
    expect(faultsOf(quorumConfig(), "_x")).toMatch(/the stack's name = "_x"/);
  });

  test("of encryption names the key and shows nothing of the value", () => {
    const { parameters: _, ...rest } = quorumConfig();
    const text = faultsOf(rest, "test", ["parameters"]);
    expect(text).toMatch(/parameters\n {4}is encrypted/);
    expect(text).toMatch(/: 1 fault;/);
  });

  test("of a key that is encrypted is the only one of that key", () => {
    const { nodes: _, ...rest } = quorumConfig();
    expect(faultsOf(rest, "test", ["nodes"])).not.toMatch(/is missing/);
  });
});

test("all faults are reported in one go, with path, value, what is wrong, what is allowed and what to do", () => {
  const config = {
    mode: "quorum",
    nodes: [
      { name: "pg-1", port: 5442, parameters: { work_mem: "8XB", max_connections: 50 } },
      { name: "pg-1", port: 70000 },
      { name: "pg_3", port: 5442, role: "standby" },
    ],
    primary: "pg-7",
    synchronous: { method: "all", number: 3 },
    parameters: { wrok_mem: "4MB", fsync: false, synchronous_commit: "local", max_slot_wal_keep_size: -1 },
    database: "template0",
    publishAddress: "everywhere",
    postgresVersion: "eighteen",
    failover: "automatic",
    replicas: 3,
  };
  expect(faultsOf(config, "quorum")).toMatchInlineSnapshot(`
    "configs/Pulumi.quorum.yaml: 19 faults; nothing was changed.

      database = "template0"
        begins like PostgreSQL's own names
        allowed: lower-case letters, digits and _, not beginning with a digit, up to 63 characters; not PostgreSQL's own (postgres, pg_…, template…) nor the cluster's (replicator, monitor, rewind)

      failover = "automatic"
        is not supported
        allowed: manual; automatic failover comes in a later version

      nodes[0].parameters.max_connections = "50"
        must be the same on every node: a standby with less than its primary refuses to start
        allowed: a value in the cluster's \`parameters\` only

      nodes[0].parameters.work_mem = "8XB"
        has no unit "XB" (the units are B, kB, MB, GB, TB; case matters)
        allowed: an integer from 64kB to 2147483647kB; units B, kB, MB, GB, TB (kB where none is written)

      nodes[1].name = "pg-1"
        is the same as nodes[0].name
        allowed: a name that no other node has

      nodes[1].port = 70000
        is out of range
        allowed: a whole number from 1 to 65535

      nodes[2].name = "pg_3"
        is no host name of one label
        allowed: lower-case letters, digits and hyphens, beginning with a letter, not ending with a hyphen, up to 49 characters

      nodes[2].port = 5442
        is the same as nodes[0].port
        allowed: a port that no other node has

      nodes[2].role = "standby"
        is an unknown key
        allowed: name, port, parameters, resources
        do: remove it

      parameters.fsync = false
        is fixed: turned the wrong way it loses or corrupts data after a crash
        allowed: no value
        do: remove it

      parameters.max_slot_wal_keep_size = -1
        -1 would let a dead standby fill the primary's disk, and next to nothing would lose its slot at once
        allowed: 64MB or more: how much WAL the primary keeps for a standby that is away

      parameters.synchronous_commit = "local"
        in quorum mode a commit is acknowledged once standbys have flushed it; anything less voids that promise
        allowed: on, remote_apply

      parameters.wrok_mem = "4MB"
        is no parameter of PostgreSQL 17
        allowed: the parameters of PostgreSQL 17
        do: did you mean work_mem?

      postgresVersion = "eighteen"
        is not supported
        allowed: 17, the version that the node image installs

      primary = "pg-7"
        is the name of no node
        allowed: pg-1, pg_3
        do: did you mean pg-1?

      publishAddress = "everywhere"
        is no IP address
        allowed: an IPv4 or IPv6 address of the host: 127.0.0.1 for this host only, 0.0.0.0 for every network it is on

      replicas = 3
        is an unknown key
        allowed: mode, nodes, primary, synchronous, schema, publications, initialCopy, parameters, resources, database, publishAddress, postgresVersion, failover
        do: remove it

      synchronous.method = "all"
        is no method
        allowed: any (whichever standbys are quickest) or first (in the order of the nodes)

      synchronous.number = 3
        leaves none of the 2 standbys to spare: the loss of one would block every write
        allowed: 1: fewer than there are standbys"
  `);
});
