import type { ContainerCreateOptions, HostConfig } from "dockerode";
import type { ContainerInputs, Healthcheck } from "./containerSchema.ts";
import { nanoseconds } from "./duration.ts";
import { toLabelMap } from "./labels.ts";

const mebibyte = 1024 * 1024;

/** What the Engine is asked for. A field that the program leaves out is left out here as well: the image may set it. */
export function createOptions(inputs: ContainerInputs): ContainerCreateOptions & { name: string } {
  const portKeys = (inputs.ports ?? []).map(({ internal, protocol }) => `${internal}/${protocol}`);
  return {
    name: inputs.name,
    Image: inputs.image,
    ...given("Hostname", inputs.hostname),
    ...given("User", inputs.user),
    ...given("WorkingDir", inputs.workingDir),
    ...given("Cmd", inputs.command),
    ...given("Entrypoint", inputs.entrypoints),
    ...given("Env", inputs.envs),
    ...given("StopSignal", inputs.stopSignal),
    ...given("StopTimeout", inputs.stopTimeout),
    ...(inputs.healthcheck && { Healthcheck: healthConfig(inputs.healthcheck) }),
    Labels: toLabelMap(inputs.labels),
    ExposedPorts: Object.fromEntries(portKeys.map((key) => [key, {}])),
    Volumes: Object.fromEntries((inputs.volumes ?? []).map(({ containerPath }) => [containerPath, {}])),
    HostConfig: hostConfig(inputs),
  };
}

function hostConfig(inputs: ContainerInputs): HostConfig {
  return {
    NetworkMode: inputs.networkMode,
    Privileged: inputs.privileged ?? false,
    ReadonlyRootfs: inputs.readOnly,
    AutoRemove: inputs.rm,
    Init: inputs.init ?? false,
    ...restartPolicy(inputs),
    Binds: (inputs.volumes ?? []).map(
      ({ volumeName, containerPath, readOnly }) => `${volumeName}:${containerPath}:${readOnly ? "ro" : "rw"}`,
    ),
    PortBindings: portBindings(inputs.ports ?? []),
    LogConfig: { Type: inputs.logDriver ?? "", Config: inputs.logOpts ?? {} },
    CapAdd: inputs.capabilities?.adds ?? [],
    CapDrop: inputs.capabilities?.drops ?? [],
    ...given("Tmpfs", inputs.tmpfs),
    ...given("Dns", inputs.dns),
    ...given("SecurityOpt", inputs.securityOpts),
    ...given("ShmSize", bytes(inputs.shmSize)),
    ...given("Memory", bytes(inputs.memory)),
    ...given("MemorySwap", bytes(inputs.memorySwap)),
    ...given("CpuShares", inputs.cpuShares),
    ...given("NanoCpus", inputs.cpus === null ? null : nanoCpus(inputs.cpus)),
    Ulimits: (inputs.ulimits ?? []).map(({ name, soft, hard }) => ({ Name: name, Soft: soft, Hard: hard })),
  };
}

/** The part of a container that the Engine can change while it runs. */
export function updateOptions(inputs: ContainerInputs): object {
  return {
    ...restartPolicy(inputs),
    CpuShares: inputs.cpuShares ?? 0,
    Memory: bytes(inputs.memory) ?? 0,
    ...(inputs.memorySwap ? { MemorySwap: bytes(inputs.memorySwap) as number } : {}),
  };
}

function restartPolicy({ restart, maxRetryCount }: ContainerInputs) {
  return { RestartPolicy: { Name: restart, MaximumRetryCount: maxRetryCount ?? 0 } };
}

function portBindings(ports: NonNullable<ContainerInputs["ports"]>): Record<string, object[]> {
  const bindings: Record<string, object[]> = {};
  for (const { internal, external, ip, protocol } of ports) {
    const key = `${internal}/${protocol}`;
    bindings[key] = [...(bindings[key] ?? []), { HostIp: ip, HostPort: external ? String(external) : "" }];
  }
  return bindings;
}

function healthConfig(check: Healthcheck) {
  return {
    Test: check.tests ?? [],
    Interval: nanoseconds(check.interval),
    Timeout: nanoseconds(check.timeout),
    StartPeriod: nanoseconds(check.startPeriod),
    // Engines before API 1.44 do not have it.
    ...(check.startInterval === "0s" ? {} : { StartInterval: nanoseconds(check.startInterval) }),
    Retries: check.retries ?? 0,
  };
}

/** MiB to bytes; -1 (no limit on swap) stays as it is. */
function bytes(mebibytes: number | null): number | null {
  return mebibytes === null || mebibytes < 0 ? mebibytes : mebibytes * mebibyte;
}

function nanoCpus(cpus: string): number {
  const value = Number(cpus);
  if (!(value > 0)) throw new Error(`cpus is ${JSON.stringify(cpus)}, must be a number of CPUs such as "1.5"`);
  return Math.round(value * 1e9);
}

function given<Name extends string, Value>(name: Name, value: Value | null): { [name in Name]?: Value } {
  const empty = value === null || value === "" || (Array.isArray(value) && value.length === 0);
  return empty ? {} : ({ [name]: value } as { [name in Name]: Value });
}
