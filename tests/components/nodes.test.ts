import { describe, expect, test } from "vitest";
import { clusterPlan, gibibyte, node, threeNodes } from "./support/clusterPlan.ts";
import { declareCluster } from "./support/declareCluster.ts";
import { find, types } from "./support/find.ts";

const plan = clusterPlan();
const { resources } = await declareCluster(plan);

describe.each(plan.nodes)("the container of $name", ({ name, port, container: containerName }) => {
  const { inputs, ...options } = find(resources, "container", name);

  test("carries the stack's and the node's name", () => {
    expect(inputs).toMatchObject({
      name: containerName,
      hostname: name,
      networksAdvanced: [{ name: "network", aliases: [name] }],
      labels: [
        { label: "postgres-cluster.stack", value: "quorum" },
        { label: "postgres-cluster.node", value: name },
      ],
    });
  });

  test("runs as postgres, without capabilities, on a read-only root", () => {
    expect(inputs).toMatchObject({
      user: "postgres",
      capabilities: { drops: ["ALL"] },
      securityOpts: ["no-new-privileges:true"],
      readOnly: true,
    });
    for (const forbidden of ["privileged", "pidMode", "ipcMode", "networkMode", "devices", "mounts", "entrypoints"]) {
      expect(inputs).not.toHaveProperty(forbidden);
    }
  });

  test("writes to its two volumes and to memory only", () => {
    expect(inputs.volumes).toEqual([
      { volumeName: `${name}-data`, containerPath: "/var/lib/postgresql" },
      { volumeName: `${name}-config`, containerPath: "/etc/postgres-cluster" },
    ]);
    expect(Object.keys(inputs.tmpfs as object).sort()).toEqual(["/tmp", "/var/run/postgresql"]);
  });

  test("is stopped by a fast shutdown that has the time it needs, and comes back by itself", () => {
    expect(inputs).toMatchObject({ stopSignal: "SIGINT", restart: "unless-stopped" });
    expect(inputs.stopTimeout).toBeGreaterThanOrEqual(120);
    expect(inputs.destroyGraceSeconds).toBeGreaterThanOrEqual(120);
  });

  test("has memory, no swap, and shared memory", () => {
    expect(inputs).toMatchObject({ memory: 1024, memorySwap: 1024, shmSize: 256 });
  });

  test("publishes its port on the address of the config, and no other", () => {
    expect(inputs.ports).toEqual([{ internal: 5432, external: port, ip: "127.0.0.1", protocol: "tcp" }]);
    expect(inputs).not.toHaveProperty("publishAllPorts");
  });

  test("gets neither environment nor command nor uploads: a change of those would replace it", () => {
    for (const input of ["envs", "command", "uploads"]) expect(inputs).not.toHaveProperty(input);
  });

  test("is deleted before it is replaced, because its name and port are taken", () => {
    expect(options.deleteBeforeReplace).toBe(true);
  });
});

describe("what a node's config says", () => {
  test("reaches its container", async () => {
    const nodes = [
      node("pg-1", 5442, { resources: { memory: 2.5 * gibibyte, shmSize: gibibyte, cpus: 1.5 } }),
      ...threeNodes.slice(1),
    ];
    const declared = await declareCluster(clusterPlan({ nodes, publishAddress: "192.0.2.7" }));
    expect(find(declared.resources, "container", "pg-1").inputs).toMatchObject({
      memory: 2560,
      memorySwap: 2560,
      shmSize: 1024,
      cpus: "1.5",
      ports: [{ ip: "192.0.2.7", external: 5442 }],
    });
    expect(find(declared.resources, "container", "pg-2").inputs).not.toHaveProperty("cpus");
  });

  test.each([
    ["127.0.0.1", ["127.0.0.1"]],
    ["192.0.2.7", ["127.0.0.1", "192.0.2.7"]],
    ["0.0.0.0", ["127.0.0.1", "::1"]],
    ["::", ["127.0.0.1", "::1"]],
    ["2001:db8::1", ["127.0.0.1", "2001:db8::1"]],
  ])("published on %s, its certificate is good for %j", async (publishAddress, ipAddresses) => {
    const declared = await declareCluster(clusterPlan({ publishAddress }));
    expect(find(declared.resources, "certificateRequest", "pg-2-tls-request").inputs).toMatchObject({
      subject: { commonName: "pg-2" },
      dnsNames: ["pg-2", "quorum-pg-2", "localhost"],
      ipAddresses,
    });
  });
});

describe("volumes", () => {
  test.each(plan.nodes)("$name: the data outlives the stack, and nothing replaces it", ({ name, dataVolume }) => {
    const volume = find(resources, "volume", `${name}-data`);
    expect(volume.inputs.name).toBe(dataVolume);
    expect(volume.retainOnDelete).toBe(true);
    expect(volume.ignoreChanges).toEqual(expect.arrayContaining(["labels", "driver"]));
  });

  test.each(plan.nodes)("$name: the configuration goes with the stack", ({ name, configVolume }) => {
    const volume = find(resources, "volume", `${name}-config`);
    expect(volume.inputs.name).toBe(configVolume);
    expect(volume.retainOnDelete).toBe(false);
  });

  test("nothing else is kept", () => {
    const kept = resources.filter(({ retainOnDelete }) => retainOnDelete).map(({ name }) => name);
    expect(kept).toEqual(plan.nodes.map(({ name }) => `${name}-data`));
  });
});

describe("the order of creation", () => {
  test.each(plan.nodes)("$name: its files are written when its container is there", ({ name }) => {
    const component = resources.find((each) => each.type.endsWith(":RenderedConfig") && each.name === `${name}-files`)!;
    expect(component.dependencies).toContain(`${types.container} ${name}`);
    expect(find(resources, "command", `${name}-files`).parent).toBe(component.name);
  });

  test("the hook runs when every container is there and every file is written", () => {
    const hook = resources.find((each) => each.type.endsWith(":Convergence"))!;
    for (const { name } of plan.nodes) {
      expect(hook.dependencies).toContain(`${types.container} ${name}`);
      expect(hook.dependencies).toContain(`${types.command} ${name}-files`);
    }
    expect(find(resources, "command", "convergence").parent).toBe(hook.name);
  });
});
