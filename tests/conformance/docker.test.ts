import { afterAll, beforeAll, expect, test } from "vitest";
import { engine, leftovers, removeLeftovers } from "./support/engine.ts";
import { freePorts } from "./support/freePorts.ts";
import { type Run, stepOn, succeeded, ThrowAwayProject } from "./support/throwAwayProject.ts";

let project: ThrowAwayProject;
const name = (suffix: string) => `${project.prefix}-${suffix}`;
const inspect = (suffix: string) => engine.getContainer(name(suffix)).inspect();

beforeAll(async () => {
  process.env.CONFORMANCE_PORT = String(await freePorts());
  project = await ThrowAwayProject.create("docker.ts");
});
afterAll(async () => {
  try {
    await project[Symbol.asyncDispose]();
  } finally {
    await removeLeftovers(project.prefix);
  }
});

test("a preview makes nothing", async () => {
  expect(succeeded(await project.preview("base")).changes).toEqual({ create: 9 });
  expect(await leftovers(project.prefix)).toEqual([]);
});

test("create makes what was declared", async () => {
  succeeded(await project.up("base"));
  const { outputs } = (await project.outputs()) as { outputs: Record<string, unknown> };
  const image = await engine.getImage(name("image")).inspect();
  expect(outputs).toMatchObject({
    imageId: image.Id,
    repoDigest: "",
    scope: "local",
    exitCode: 3,
    entrypoints: [],
    address: expect.stringMatching(/^\d+\.\d+\.\d+\.\d+$/),
  });
  expect(String(outputs.containerLogs).split("\n").sort()).toEqual(["", "to stderr", "to stdout"]);

  const network = await engine.getNetwork(name("network")).inspect();
  expect(network).toMatchObject({ Id: outputs.networkId, Driver: "bridge", Labels: { "org.example.a": "1" } });
  const volume = await engine.getVolume(name("volume")).inspect();
  expect(volume).toMatchObject({ Mountpoint: outputs.mountpoint, Labels: { "org.example.a": "1" } });
});

test("the image is built from the context with its arguments, less what is ignored", async () => {
  expect(await inContainer("full", ["cat", "/who"])).toBe("me\n");
  expect((await inContainer("full", ["ls", "-1A", "/context"])).split("\n").sort()).toEqual(
    ["", ".dockerignore", "folder", "sent.txt"].sort(),
  );
});

test("a container has every property", async () => {
  const full = await inspect("full");
  const port = Number(process.env.CONFORMANCE_PORT);
  expect(full.State.Health?.Status).toBe("healthy");
  expect(full.Config).toMatchObject({
    Hostname: "before",
    User: "nobody",
    WorkingDir: "/tmp",
    Entrypoint: ["/usr/bin/env"],
    Cmd: ["sleep", "infinity"],
    Env: expect.arrayContaining(["A=1", "B=2"]),
    Labels: { "org.example.a": "1", "org.example.b": "constant" },
    StopSignal: "SIGINT",
    StopTimeout: 7,
    Healthcheck: { Test: ["CMD", "true"], Interval: 1e9, Timeout: 90e9, Retries: 3, StartPeriod: 5e8 },
  });
  expect(full.HostConfig).toMatchObject({
    Dns: ["10.0.0.53"],
    Tmpfs: { "/scratch": "size=1m" },
    RestartPolicy: { Name: "unless-stopped", MaximumRetryCount: 0 },
    ShmSize: 80 * 1024 * 1024,
    Memory: 128 * 1024 * 1024,
    MemorySwap: 128 * 1024 * 1024,
    NanoCpus: 500_000_000,
    CpuShares: 512,
    Ulimits: [{ Name: "nofile", Soft: 1000, Hard: 2000 }],
    CapAdd: ["CAP_CHOWN"],
    CapDrop: ["ALL"],
    SecurityOpt: ["no-new-privileges:true"],
    Privileged: false,
    ReadonlyRootfs: true,
    Init: true,
    LogConfig: { Type: "json-file", Config: { "max-size": "10m", "max-file": "3" } },
    PortBindings: {
      "9001/tcp": [{ HostIp: "127.0.0.1", HostPort: String(port) }],
      "80/tcp": [{ HostIp: "127.0.0.1", HostPort: String(port + 1) }],
    },
  });
  expect([...(full.HostConfig.Binds ?? [])].sort()).toEqual([
    `${name("volume")}:/data:rw`,
    `${name("volume")}:/read:ro`,
  ]);
  expect(Object.keys(full.NetworkSettings.Networks)).toEqual([name("network")]);
  expect(full.NetworkSettings.Networks[name("network")]?.Aliases).toEqual(expect.arrayContaining(["one", "two"]));
});

test("a container without settings has the defaults", async () => {
  const { resources } = await project.state();
  const plain = resources.find((resource) => resource.name === "plain");
  expect(plain?.outputs).toMatchObject({
    restart: "no",
    networkMode: "bridge",
    mustRun: true,
    start: true,
    wait: false,
    waitTimeout: 60,
    attach: false,
    logs: false,
    rm: false,
    readOnly: false,
    memory: 0,
    shmSize: 64,
    logDriver: "json-file",
    command: ["sleep", "infinity"],
  });
  expect(Object.keys((await inspect("plain")).NetworkSettings.Networks)).toEqual(["bridge"]);
});

test("an up without edits changes nothing, after a refresh as well", async () => {
  expect(succeeded(await project.refresh()).changes).toEqual({ same: 9 });
  expect(succeeded(await project.up("base")).changes).toEqual({ same: 9 });
});

test("what can be changed in place is changed in place", async () => {
  const before = await inspect("full");
  const run = succeeded(await project.up("inPlace"));
  expect(stepOn(run, "full").op).toBe("update");
  expect(stepOn(run, "full").keys ?? []).toEqual([]);
  expect([...(stepOn(run, "full").diffs ?? [])].sort()).toEqual(
    ["cpuShares", "destroyGraceSeconds", "healthcheck", "init", "logs", "maxRetryCount", "memory", "memorySwap"].concat(
      ["restart", "tmpfs", "waitTimeout"],
    ),
  );
  expect(stepOn(run, "full").detailedDiff).toMatchObject({
    memory: { diffKind: "update" },
    "healthcheck.retries": { diffKind: "update" },
  });
  expect(stepOn(run, "image")).toMatchObject({ op: "update", diffs: ["forceRemove", "keepLocally"] });
  const after = await inspect("full");
  expect([after.Id, after.State.StartedAt]).toEqual([before.Id, before.State.StartedAt]);
  expect(after.HostConfig).toMatchObject({
    RestartPolicy: { Name: "on-failure", MaximumRetryCount: 3 },
    Memory: 192 * 1024 * 1024,
    MemorySwap: 192 * 1024 * 1024,
    CpuShares: 256,
    // Recorded only: the Engine cannot change these, and the official plugin does not say so.
    Tmpfs: { "/scratch": "size=1m" },
    Init: true,
  });
  expect(after.Config.Healthcheck?.Retries).toBe(3);
  expect(succeeded(await project.up("base")).changes).toEqual({ same: 7, update: 2 });
});

test("every other edit replaces", async () => {
  const run = succeeded(await project.preview("replacing"));
  expect(run.changes).toEqual({ same: 8, replace: 1 });
  expect(replaced(run, "full")).toEqual(
    [
      "capabilities",
      "command",
      "cpus",
      "dns",
      "entrypoints",
      "envs",
      "hostname",
      "labels",
      "logDriver",
      "logOpts",
    ].concat(
      ["networksAdvanced", "ports", "privileged", "readOnly", "securityOpts", "shmSize", "stopSignal", "stopTimeout"],
      ["ulimits", "user", "volumes", "workingDir"],
    ),
  );
  expect(ops(run, "full")).toEqual(["delete-replaced", "replace", "create-replacement"]);

  const rest = succeeded(await project.preview("replacingRest"));
  expect(replaced(rest, "network")).toEqual(["labels"]);
  expect(replaced(rest, "volume")).toEqual(["labels"]);
  expect(replaced(rest, "image")).toContain("triggers");
  expect(ops(rest, "network")).toEqual(["delete-replaced", "replace", "create-replacement"]);
  expect(ops(rest, "volume")).toEqual(["delete-replaced", "replace", "create-replacement"]);
  expect(ops(rest, "image")).toEqual(["create-replacement", "replace", "delete-replaced"]);
  expect(ops(rest, "full")).toEqual(["delete-replaced", "replace", "create-replacement"]);
  expect(ops(rest, "plain")).toEqual(["same"]);
});

test("removal removes everything but the image that is kept", async () => {
  succeeded(await project.up("empty"));
  expect(await leftovers(project.prefix)).toEqual([]);
  await expect(engine.getImage(name("image")).inspect()).resolves.toHaveProperty("Id");
});

test("a container is removed before its replacement is made; its volume keeps the data", async () => {
  succeeded(await project.up("small"));
  await inContainer("small", ["sh", "-c", "echo kept > /data/file"]);
  const run = succeeded(await project.up("smallEdited"));
  expect(ops(run, "container")).toEqual(["delete-replaced", "replace", "create-replacement"]);
  expect(await inContainer("small", ["cat", "/data/file"])).toBe("kept\n");
});

test("a container that was stopped shows in a refresh, and the next up starts it", async () => {
  const { Id: id } = await inspect("small");
  await engine.getContainer(name("small")).stop({ t: 0 });
  const refreshed = succeeded(await project.refresh());
  expect(refreshed.changes).toMatchObject({ update: 1 });
  const run = succeeded(await project.up("smallEdited"));
  expect(stepOn(run, "container")).toMatchObject({ op: "update", diffs: ["mustRun"] });
  expect(await inspect("small")).toMatchObject({ Id: id, State: { Running: true } });
});

test("limits that were changed by hand show in a refresh, and the next up sets them right", async () => {
  await engine.getContainer(name("small")).update({ Memory: 96 << 20, MemorySwap: 96 << 20 });
  expect(succeeded(await project.refresh()).changes).toMatchObject({ update: 1 });
  const run = succeeded(await project.up("smallEdited"));
  expect(stepOn(run, "container")).toMatchObject({ op: "update", diffs: ["memory", "memorySwap"] });
  expect((await inspect("small")).HostConfig.Memory).toBe(64 << 20);
});

test("what was removed by hand is gone after a refresh, and made again", async () => {
  await engine.getContainer(name("small")).remove({ force: true });
  await engine.getVolume(name("small")).remove();
  await engine.getNetwork(name("small")).remove();
  expect(succeeded(await project.refresh()).changes).toMatchObject({ delete: 3 });
  expect(succeeded(await project.up("small")).changes).toMatchObject({ create: 3 });
});

test("a volume and a network of that name are adopted and imported", async () => {
  await engine.createVolume({ Name: name("adopted"), Labels: { adopted: "yes" } });
  const network = await engine.createNetwork({ Name: name("adopted"), Labels: { adopted: "yes" } });
  succeeded(await project.import("docker:index/volume:Volume", "adoptedVolume", name("adopted")));
  succeeded(await project.import("docker:index/network:Network", "adoptedNetwork", network.id));
  const { resources } = await project.state();
  const adopted = resources.filter((resource) => resource.name.startsWith("adopted"));
  expect(adopted.map(({ outputs }) => [outputs.name, outputs.labels])).toEqual([
    [name("adopted"), [{ label: "adopted", value: "yes" }]],
    [name("adopted"), [{ label: "adopted", value: "yes" }]],
  ]);
  expect(succeeded(await project.up("empty")).changes).toMatchObject({ delete: 5 });
  expect(await leftovers(project.prefix)).toEqual([]);
});

test("a container that does not become healthy is recorded with the error, and replaced by the next up", async () => {
  const run = await project.up("unhealthy");
  expect(run.code).not.toBe(0);
  expect(run.output).toContain("container failed to be in healthy state");
  const { Id: id } = await inspect("unhealthy");
  const recorded = (await project.state()).resources.find((resource) => resource.name === "unhealthy");
  expect(recorded).toMatchObject({
    id,
    initErrors: [expect.stringContaining("container failed to be in healthy state")],
  });
  expect(stepOn(succeeded(await project.up("healthy")), "unhealthy").op).toBe("replace");
  expect((await inspect("unhealthy")).Id).not.toBe(id);
});

test("a failed build says why", async () => {
  const run = await project.up("badImage");
  expect(run.code).not.toBe(0);
  expect(run.output).toContain("about to fail");
  expect((await project.state()).resources.map((resource) => resource.name)).not.toContain("image");
});

test("properties that are not supported are refused by name, by the registry-only plugins", async () => {
  const run = await project.preview("unsupported");
  if (project.home.registryOnly) {
    expect(run.code).not.toBe(0);
    expect(run.output).toMatch(
      /property "(internal|driverOpts|platform|domainname)" is not supported by the registry-only/,
    );
  } else {
    succeeded(run);
  }
});

function ops(run: Run, resource: string): string[] {
  return run.steps.filter((step) => step.name === resource).map(({ op }) => op);
}

function replaced(run: Run, resource: string): string[] {
  const step = stepOn(run, resource);
  expect(step.op).toBe("replace");
  const properties = (step.keys ?? []).map((path) => path.split(/[.[]/)[0] as string);
  return [...new Set(properties)].sort();
}

async function inContainer(suffix: string, command: string[]): Promise<string> {
  const container = engine.getContainer(name(suffix));
  const exec = await container.exec({ Cmd: command, AttachStdout: true, AttachStderr: true, Tty: true });
  const stream = await exec.start({ Tty: true });
  const chunks: Buffer[] = await stream.toArray();
  return Buffer.concat(chunks).toString().replaceAll("\r\n", "\n");
}
