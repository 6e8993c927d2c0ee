import { describe, expect, test } from "vitest";
import { clusterPlan, logicalPlan, node, threeNodes } from "./support/clusterPlan.ts";
import { declareCluster } from "./support/declareCluster.ts";
import { changedResources } from "./support/find.ts";

/** The unedited cluster. */
const quorum = await declareCluster(clusterPlan());

const names = (resources: readonly { type: string; name: string }[]) =>
  resources.map(({ type, name }) => `${type} ${name}`);

const ofTheCluster = [
  "docker:index/network:Network network",
  "docker:index/remoteImage:RemoteImage node-image",
  "random:index/randomPassword:RandomPassword replicator-password",
  "random:index/randomPassword:RandomPassword monitor-password",
  "random:index/randomPassword:RandomPassword rewind-password",
  "random:index/randomPassword:RandomPassword owner-password",
  "tls:index/privateKey:PrivateKey ca-key",
  "tls:index/selfSignedCert:SelfSignedCert ca-certificate",
  "command:local:Command convergence",
];
const ofNode = (name: string) => [
  `docker:index/volume:Volume ${name}-data`,
  `docker:index/volume:Volume ${name}-config`,
  `docker:index/container:Container ${name}`,
  `command:local:Command ${name}-files`,
  `tls:index/privateKey:PrivateKey ${name}-tls-key`,
  `tls:index/certRequest:CertRequest ${name}-tls-request`,
  `tls:index/locallySignedCert:LocallySignedCert ${name}-tls-certificate`,
];

describe("the resources of a cluster", () => {
  test.each([
    ["quorum", clusterPlan()],
    ["async", clusterPlan({ mode: "async" })],
    ["a single node", clusterPlan({ mode: "async", nodes: threeNodes.slice(0, 1) })],
  ])("%s: those of the cluster, and seven of each node, named after it", async (_, plan) => {
    const { resources } = await declareCluster(plan);
    const found = names(resources).filter((name) => !name.startsWith("postgres-cluster:"));
    expect(found.sort()).toEqual([...ofTheCluster, ...plan.nodes.flatMap(({ name }) => ofNode(name))].sort());
  });

  test("in logical mode: a password more for each subscriber", async () => {
    const { resources } = await declareCluster(logicalPlan());
    const found = names(resources).filter((name) => name.includes("RandomPassword"));
    const own = ["pg-2-subscriber-password", "pg-3-subscriber-password"];
    expect(found.sort()).toEqual(
      [
        ...ofTheCluster.filter((name) => name.includes("RandomPassword")),
        ...own.map((name) => `random:index/randomPassword:RandomPassword ${name}`),
      ].sort(),
    );
  });

  test("are the same while every output is still unknown: nothing is created inside an apply", async () => {
    const preview = await declareCluster(clusterPlan(), { preview: true });
    expect(names(preview.resources).sort()).toEqual(names(quorum.resources).sort());
  });

  test("are named after nodes, whatever these are called", async () => {
    const nodes = [node("east", 6001), node("west-2", 6002)];
    const { resources } = await declareCluster(clusterPlan({ mode: "async", nodes, primary: "west-2" }));
    expect(names(resources)).toEqual(expect.arrayContaining([...ofNode("east"), ...ofNode("west-2")]));
  });

  test("are all parts of the one component", async () => {
    const { resources } = quorum;
    const components = new Set(
      resources.filter(({ type }) => type.startsWith("postgres-cluster:")).map(({ name }) => name),
    );
    expect(resources.filter(({ parent }) => parent === "").map(({ name }) => name)).toEqual(["quorum"]);
    for (const { parent } of resources.slice(1)) expect(components).toContain(parent);
  });
});

describe("an edit of the stack config changes", () => {
  const hook = "command:local:Command convergence";

  type Change = Parameters<typeof clusterPlan>[0];

  async function changes(edit: Change, from?: Change) {
    const before = from === undefined ? quorum : await declareCluster(clusterPlan(from));
    const after = await declareCluster(clusterPlan(edit));
    return changedResources(before.resources, after.resources);
  }

  test("nothing where nothing is edited", async () => {
    expect(await changes({})).toEqual([]);
  });

  test("only the hook where nodes are listed in another order: a node is its name", async () => {
    expect(await changes({ nodes: [...threeNodes].reverse() })).toEqual([hook]);
  });

  test("nothing of the other nodes where one is added", async () => {
    const components = ["NodeCertificate pg-0-tls", "PostgresNode pg-0", "RenderedConfig pg-0-files"];
    expect(await changes({ nodes: [node("pg-0", 5441), ...threeNodes] })).toEqual(
      [...ofNode("pg-0"), ...components.map((name) => `postgres-cluster:index:${name}`), hook].sort(),
    );
  });

  test("nothing of the other nodes where one is removed", async () => {
    const nodes = [...threeNodes, node("pg-4", 5445)];
    expect(await changes({}, { nodes })).toEqual([hook]);
  });

  test("only the hook where the mode is switched: no container, no declared file", async () => {
    expect(await changes({ mode: "async" })).toEqual([hook]);
  });

  test("only the hook where another primary is declared", async () => {
    expect(await changes({ primary: "pg-2" })).toEqual([hook]);
  });

  test("a node's declared files where its parameters are edited, and no container", async () => {
    const nodes = threeNodes.map((each) =>
      each.name === "pg-2" ? { ...each, parameters: { work_mem: "8MB" } } : each,
    );
    expect(await changes({ nodes })).toEqual([hook, "command:local:Command pg-2-files"]);
  });

  test("a node's container where its port is edited", async () => {
    const nodes = threeNodes.map((each) => (each.name === "pg-3" ? { ...each, port: 6543 } : each));
    expect(await changes({ nodes })).toEqual([hook, "docker:index/container:Container pg-3"]);
  });

  test("only the hook where a publication or a schema file is edited: no container, no declared file", async () => {
    const before = await declareCluster(logicalPlan());
    const edits = [
      logicalPlan({
        publications: logicalPlan()
          .logical!.publications.slice(0, 1)
          .map((each) => ({ ...each, subscribers: ["pg-2", "pg-3"] })),
      }),
      logicalPlan({
        schemaFiles: [...logicalPlan().logical!.schemaFiles, { path: "schema/002.sql", text: "create table more ();" }],
      }),
    ];
    for (const edit of edits)
      expect(changedResources(before.resources, (await declareCluster(edit)).resources)).toEqual([hook]);
  });
});
