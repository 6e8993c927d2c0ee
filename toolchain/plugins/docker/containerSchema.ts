import {
  boolean,
  integer,
  json,
  list,
  map,
  object,
  type PropertyRules,
  type ResourceSchema,
  set,
  string,
} from "../framework/resourceSchema.ts";
import { type Label, labels } from "./labels.ts";

/** The inputs of a container, with the official plugin's defaults filled in. Sizes are MiB, times seconds. */
export interface ContainerInputs {
  name: string;
  image: string;
  hostname: string | null;
  user: string | null;
  workingDir: string | null;
  command: string[] | null;
  entrypoints: string[] | null;
  envs: string[] | null;
  labels: Label[] | null;
  networkMode: string;
  networksAdvanced: { name: string; aliases?: string[] }[] | null;
  dns: string[] | null;
  ports: { internal: number; external?: number; ip: string; protocol: string }[] | null;
  volumes: { volumeName: string; containerPath: string; readOnly?: boolean }[] | null;
  tmpfs: Record<string, string> | null;
  restart: string;
  maxRetryCount: number | null;
  stopSignal: string | null;
  stopTimeout: number | null;
  destroyGraceSeconds: number | null;
  shmSize: number | null;
  memory: number | null;
  memorySwap: number | null;
  cpus: string | null;
  cpuShares: number | null;
  ulimits: { name: string; soft: number; hard: number }[] | null;
  capabilities: { adds?: string[]; drops?: string[] } | null;
  securityOpts: string[] | null;
  privileged: boolean | null;
  readOnly: boolean;
  init: boolean | null;
  healthcheck: Healthcheck | null;
  logDriver: string | null;
  logOpts: Record<string, string> | null;
  mustRun: boolean;
  start: boolean;
  wait: boolean;
  waitTimeout: number;
  rm: boolean;
  attach: boolean;
  logs: boolean;
}

/** Durations as Go writes them, e.g. `1m30s`. */
export interface Healthcheck {
  tests?: string[];
  interval: string;
  timeout: string;
  startPeriod: string;
  startInterval: string;
  retries?: number;
}

const timeouts = { create: 1_200_000_000_000, delete: 1_200_000_000_000, update: 1_200_000_000_000 };
const replaces: PropertyRules = { forceNew: true };
const foundAndReplaces: PropertyRules = { forceNew: true, computed: true };
const duration = () => string({ default: "0s" });

/** What a container takes, and which changes replace it: facts of the official provider's schema. */
export const containerSchema: ResourceSchema = {
  token: "docker:index/container:Container",
  deleteBeforeReplace: "always",
  idInOutputs: true,
  meta: { "e2bfb730-ecaa-11e6-8f88-34363bc7c4c0": timeouts, schema_version: "2" },
  inputs: {
    name: string({ required: true, forceNew: true }),
    image: string({ required: true, forceNew: true }),
    hostname: string(foundAndReplaces),
    user: string({ forceNew: true, emptyKeeps: true }),
    workingDir: string({ forceNew: true, emptyKeeps: true }),
    command: list(string(), foundAndReplaces),
    entrypoints: list(string(), foundAndReplaces),
    envs: set(string(), foundAndReplaces),
    labels: labels({ computed: true }),
    networkMode: string({ default: "bridge", forceNew: true }),
    networksAdvanced: set(object({ name: string({ required: true }), aliases: set(string()) }), replaces),
    dns: set(string(), replaces),
    ports: set(
      object({
        internal: integer({ required: true }),
        external: integer(),
        ip: string({ default: "0.0.0.0" }),
        protocol: string({ default: "tcp" }),
      }),
      replaces,
    ),
    volumes: set(
      object({
        volumeName: string({ required: true }),
        containerPath: string({ required: true }),
        readOnly: boolean(),
      }),
      replaces,
    ),
    // Recorded, but not applied to a container that exists: so it is in the official plugin.
    tmpfs: map(string()),
    restart: string({ default: "no", allowed: ["no", "on-failure", "always", "unless-stopped"] }),
    maxRetryCount: integer(),
    stopSignal: string(foundAndReplaces),
    stopTimeout: integer(foundAndReplaces),
    destroyGraceSeconds: integer(),
    shmSize: integer(foundAndReplaces),
    memory: integer(),
    memorySwap: integer(),
    cpus: string(replaces),
    cpuShares: integer(),
    ulimits: set(
      object({
        name: string({ required: true }),
        soft: integer({ required: true }),
        hard: integer({ required: true }),
      }),
      replaces,
    ),
    capabilities: object({ adds: set(string()), drops: set(string()) }, replaces),
    securityOpts: set(string(), foundAndReplaces),
    privileged: boolean(replaces),
    readOnly: boolean({ default: false, forceNew: true }),
    init: boolean({ computed: true }),
    // Recorded, but not applied to a container that exists: so it is in the official plugin.
    healthcheck: object(
      {
        tests: list(string()),
        interval: duration(),
        timeout: duration(),
        startPeriod: duration(),
        startInterval: duration(),
        retries: integer(),
      },
      { computed: true },
    ),
    logDriver: string(foundAndReplaces),
    logOpts: map(string(), replaces),
    mustRun: boolean({ default: true }),
    start: boolean({ default: true }),
    wait: boolean({ default: false }),
    waitTimeout: integer({ default: 60 }),
    rm: boolean({ default: false }),
    attach: boolean({ default: false }),
    logs: boolean({ default: false }),
  },
  outputs: {
    bridge: string(),
    containerLogs: string(),
    exitCode: integer(),
    networkDatas: list(json()),
    ipcMode: string(),
    platform: string(),
    runtime: string(),
  },
};
