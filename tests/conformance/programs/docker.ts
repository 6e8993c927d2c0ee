import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";

const step = process.env.CONFORMANCE_STEP as string;
const prefix = process.env.CONFORMANCE_PREFIX as string;
const directory = process.env.CONFORMANCE_DIRECTORY as string;
const port = Number(process.env.CONFORMANCE_PORT);
const base = "debian:trixie-slim";

/** The value of the first step, or that after edits of a kind: made in place, or replacing the container, or the rest. */
const inPlace = <Value>(before: Value, after: Value): Value => (step === "inPlace" ? after : before);
const replacing = <Value>(before: Value, after: Value): Value => (step === "replacing" ? after : before);
const replacingRest = <Value>(before: Value, after: Value): Value => (step === "replacingRest" ? after : before);

const labels = (value: string) => [
  { label: "org.example.b", value: "constant" },
  { label: "org.example.a", value },
];

function image(extraLine = ""): docker.RemoteImage {
  const context = join(directory, "context");
  mkdirSync(join(context, "folder"), { recursive: true });
  const files = {
    "folder/Dockerfile.node": `FROM ${base}\nARG WHO=nobody\nCOPY . /context\nRUN echo "$WHO" > /who\n${extraLine}\n`,
    "sent.txt": "sent",
    "ignored.txt": "ignored",
    ".dockerignore": "ignored.txt\n",
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(context, name), content);
  return new docker.RemoteImage("image", {
    name: `${prefix}-image`,
    build: {
      context,
      dockerfile: "folder/Dockerfile.node",
      buildArgs: { WHO: "me" },
      labels: { "org.example.built": "yes" },
    },
    keepLocally: inPlace(true, false),
    forceRemove: inPlace(false, true),
    triggers: { content: replacingRest("1", "2") },
  });
}

function everything() {
  const provider = new docker.Provider("engine", { host: process.env.DOCKER_HOST ?? "unix:///var/run/docker.sock" });
  const network = new docker.Network("network", {
    name: `${prefix}-network`,
    driver: "bridge",
    labels: labels(replacingRest("1", "2")),
  });
  const plainNetwork = new docker.Network("plainNetwork", { name: `${prefix}-plain` }, { provider });
  const volume = new docker.Volume("volume", {
    name: `${prefix}-volume`,
    driver: "local",
    labels: labels(replacingRest("1", "2")),
  });
  const built = image();
  const full = new docker.Container("full", fullContainer(built.imageId, network.name, volume.name));
  const plain = new docker.Container("plain", {
    name: `${prefix}-plain`,
    image: base,
    command: ["sleep", "infinity"],
    mustRun: true,
  });
  const once = new docker.Container("once", {
    name: `${prefix}-once`,
    image: base,
    command: ["sh", "-c", "echo to stdout; echo to stderr >&2; exit 3"],
    attach: true,
    logs: true,
    mustRun: false,
  });
  return {
    imageId: built.imageId,
    repoDigest: built.repoDigest,
    networkId: network.id,
    scope: plainNetwork.scope,
    mountpoint: volume.mountpoint,
    fullId: full.id,
    exitCode: once.exitCode,
    containerLogs: once.containerLogs,
    address: full.networkDatas.apply((networks) => networks[0]?.ipAddress),
    entrypoints: plain.entrypoints,
  };
}

function fullContainer(
  imageId: pulumi.Input<string>,
  network: pulumi.Input<string>,
  volume: pulumi.Input<string>,
): docker.ContainerArgs {
  return {
    name: `${prefix}-full`,
    image: imageId,
    hostname: replacing("before", "after"),
    user: replacing("nobody", "root"),
    workingDir: replacing("/tmp", "/var"),
    entrypoints: replacing(["/usr/bin/env"], ["/bin/env"]),
    command: replacing(["sleep", "infinity"], ["sleep", "1000000"]),
    envs: replacing(["B=2", "A=1"], ["B=2", "A=3"]),
    labels: labels(replacing("1", "2")),
    networksAdvanced: [{ name: network, aliases: replacing(["one", "two"], ["two", "three"]) }],
    dns: replacing(["10.0.0.53"], ["10.0.0.54"]),
    ports: [
      { internal: 9001, external: port, ip: "127.0.0.1" },
      { internal: 80, external: port + 1, ip: "127.0.0.1", protocol: replacing("tcp", "udp") },
    ],
    volumes: [
      { volumeName: volume, containerPath: "/data" },
      { volumeName: volume, containerPath: "/read", readOnly: replacing(true, false) },
    ],
    tmpfs: { "/scratch": inPlace("size=1m", "size=2m") },
    restart: inPlace("unless-stopped", "on-failure"),
    maxRetryCount: inPlace(0, 3),
    stopSignal: replacing("SIGINT", "SIGQUIT"),
    stopTimeout: replacing(7, 8),
    destroyGraceSeconds: inPlace(1, 2),
    shmSize: replacing(80, 96),
    memory: inPlace(128, 192),
    memorySwap: inPlace(128, 192),
    cpus: replacing("0.5", "0.75"),
    cpuShares: inPlace(512, 256),
    ulimits: [{ name: "nofile", soft: replacing(1000, 1001), hard: 2000 }],
    capabilities: { drops: ["ALL"], adds: replacing(["CAP_CHOWN"], ["CAP_CHOWN", "CAP_FOWNER"]) },
    securityOpts: replacing(["no-new-privileges:true"], ["no-new-privileges:false"]),
    privileged: replacing(false, true),
    readOnly: replacing(true, false),
    init: inPlace(true, false),
    healthcheck: {
      tests: ["CMD", "true"],
      interval: "1s",
      timeout: "1m30s",
      retries: inPlace(3, 4),
      startPeriod: "500ms",
    },
    logDriver: replacing("json-file", "local"),
    logOpts: { "max-size": replacing("10m", "20m"), "max-file": "3" },
    mustRun: true,
    start: true,
    wait: true,
    waitTimeout: inPlace(30, 31),
    logs: inPlace(false, true),
  };
}

/** A smaller world for what is done from outside: removal, a stop, an edit that is applied. */
function small() {
  const network = new docker.Network("network", { name: `${prefix}-small` });
  const volume = new docker.Volume("volume", { name: `${prefix}-small` });
  new docker.Container("container", {
    name: `${prefix}-small`,
    image: base,
    command: step === "smallEdited" ? ["sleep", "1000000"] : ["sleep", "infinity"],
    networksAdvanced: [{ name: network.name }],
    volumes: [{ volumeName: volume.name, containerPath: "/data" }],
    destroyGraceSeconds: 1,
    memory: 64,
    memorySwap: 64,
  });
}

/** A container that starts but is never found healthy, until it is told to be. */
function unhealthy() {
  new docker.Container("unhealthy", {
    name: `${prefix}-unhealthy`,
    image: base,
    command: ["sleep", "infinity"],
    healthcheck: { tests: ["CMD", step === "unhealthy" ? "false" : "true"], interval: "1s" },
    wait: true,
    waitTimeout: 3,
  });
}

function unsupported() {
  new docker.Network("network", { name: `${prefix}-x`, internal: true });
  new docker.Volume("volume", { name: `${prefix}-x`, driverOpts: { type: "tmpfs" } });
  new docker.RemoteImage("image", { name: base, platform: "linux/amd64" });
  new docker.Container("container", { name: `${prefix}-x`, image: base, domainname: "example.org" });
}

const programs: Record<string, () => object | undefined> = {
  base: everything,
  inPlace: everything,
  replacing: everything,
  replacingRest: everything,
  small: () => void small(),
  smallEdited: () => void small(),
  unhealthy: () => void unhealthy(),
  healthy: () => void unhealthy(),
  badImage: () => void image("RUN echo about to fail && exit 9"),
  unsupported: () => void unsupported(),
  empty: () => undefined,
};

export const outputs = programs[step]?.() ?? {};
