import type { ContainerInspectInfo } from "dockerode";
import type { PropertyMap, PropertyValue } from "../framework/propertyValue.ts";
import { goDuration } from "./duration.ts";

const mebibyte = 1024 * 1024;

/** How the official plugin records settings that are not supported here: needed for it to take the state over. */
const otherSettings: PropertyMap = {
  containerReadRefreshTimeoutMilliseconds: 15000,
  memoryReservation: 0,
  removeVolumes: true,
  stdinOpen: false,
  tty: false,
};

/**
 * A container's outputs: what the Engine says of it, over what is recorded. As in the official plugin, some inputs are
 * not read back (labels, environment, networks, volumes: the image and the Engine add to them), and a container that
 * is stopped but must run shows `mustRun: false`, so that the next `up` starts it.
 */
export function containerState(found: ContainerInspectInfo, recorded: PropertyMap): PropertyMap {
  const { Config: config, HostConfig: host, NetworkSettings: networks, State: state } = found;
  const running = state.Running;
  const mustRun = recorded.mustRun === true;
  return {
    ...recorded,
    ...otherSettings,
    name: found.Name.replace(/^\//, ""),
    image: String(recorded.image ?? "").startsWith("sha256:") ? found.Image : config.Image,
    hostname: config.Hostname,
    user: config.User,
    workingDir: config.WorkingDir,
    command: config.Cmd ?? [],
    entrypoints: entrypoints(config.Entrypoint),
    // To the official plugin, null would mean that they are still to be found, and that replaces the container.
    envs: recorded.envs ?? [],
    labels: recorded.labels ?? [],
    dns: (host.Dns as string[] | undefined) ?? [],
    networkMode: host.NetworkMode ?? "",
    ...((running || mustRun) && notEmpty(recorded.ports) ? { ports: publishedPorts(networks.Ports ?? {}) } : {}),
    tmpfs: (host.Tmpfs as PropertyMap | undefined) ?? {},
    restart: host.RestartPolicy?.Name || "no",
    maxRetryCount: host.RestartPolicy?.MaximumRetryCount ?? 0,
    stopSignal: (config as { StopSignal?: string }).StopSignal ?? "",
    stopTimeout: (config as { StopTimeout?: number }).StopTimeout ?? 0,
    shmSize: Math.floor((host.ShmSize ?? 0) / mebibyte),
    memory: mebibytes(host.Memory ?? 0),
    memorySwap: mebibytes(host.MemorySwap ?? 0),
    ...(host.NanoCpus ? { cpus: String(host.NanoCpus / 1e9) } : {}),
    cpuShares: host.CpuShares ?? 0,
    ...(notEmpty(recorded.ulimits) ? { ulimits: ulimits(host.Ulimits) } : {}),
    ...(notEmpty(host.CapAdd) || notEmpty(host.CapDrop)
      ? { capabilities: { adds: (host.CapAdd as string[]) ?? [], drops: (host.CapDrop as string[]) ?? [] } }
      : {}),
    securityOpts: (host.SecurityOpt as string[] | null) ?? [],
    privileged: host.Privileged ?? false,
    readOnly: host.ReadonlyRootfs ?? false,
    init: host.Init ?? false,
    ...healthcheck(config.Healthcheck),
    logDriver: host.LogConfig?.Type ?? "",
    logOpts: notEmpty(recorded.logOpts) ? (host.LogConfig?.Config as PropertyMap) : {},
    rm: host.AutoRemove ?? false,
    ...(running ? {} : { exitCode: state.ExitCode, mustRun: false }),
    bridge: (networks as { Bridge?: string }).Bridge ?? "",
    networkDatas: Object.entries(networks.Networks ?? {}).map(([networkName, network]) => ({
      networkName,
      ipAddress: network.IPAddress,
      ipPrefixLength: network.IPPrefixLen,
      gateway: network.Gateway,
      globalIpv6Address: network.GlobalIPv6Address,
      globalIpv6PrefixLength: network.GlobalIPv6PrefixLen,
      ipv6Gateway: network.IPv6Gateway,
      macAddress: network.MacAddress,
    })),
    ipcMode: host.IpcMode ?? "",
    platform: found.Platform,
    runtime: (host as { Runtime?: string }).Runtime ?? "",
  };
}

function entrypoints(found: string | string[] | null | undefined): string[] {
  if (typeof found === "string") return [found];
  return found ?? [];
}

/** A limit as MiB; -1 (none) stays as it is. */
function mebibytes(bytes: number): number {
  return bytes > 0 ? Math.floor(bytes / mebibyte) : bytes;
}

function publishedPorts(found: Record<string, { HostIp: string; HostPort: string }[] | null>): PropertyValue[] {
  return Object.entries(found)
    .map(([key, bindings]) => ({ port: key.split("/") as [string, string], bindings: bindings ?? [] }))
    .sort((left, right) => Number(left.port[0]) - Number(right.port[0]))
    .flatMap(({ port: [internal, protocol], bindings }) =>
      bindings.map(({ HostIp, HostPort }) => ({
        internal: Number(internal),
        external: Number(HostPort),
        ip: HostIp,
        protocol,
      })),
    );
}

function ulimits(found: unknown): PropertyValue[] {
  return ((found ?? []) as { Name: string; Soft: number; Hard: number }[]).map(({ Name, Soft, Hard }) => ({
    name: Name,
    soft: Soft,
    hard: Hard,
  }));
}

/** Docker's own form, also of a health check that comes with the image; nothing where there is none. */
function healthcheck(found: ContainerInspectInfo["Config"]["Healthcheck"]): PropertyMap {
  if (!found) return {};
  return {
    healthcheck: {
      tests: found.Test ?? [],
      interval: goDuration(found.Interval ?? 0),
      timeout: goDuration(found.Timeout ?? 0),
      startPeriod: goDuration(found.StartPeriod ?? 0),
      startInterval: goDuration((found as { StartInterval?: number }).StartInterval ?? 0),
      retries: found.Retries ?? 0,
    },
  };
}

function notEmpty(value: unknown): boolean {
  if (value === null || value === undefined) return false;
  return Array.isArray(value) ? value.length > 0 : Object.keys(value).length > 0;
}
