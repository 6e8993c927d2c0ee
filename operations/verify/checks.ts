import type { Check } from "./check.ts";
import { configurationLoaded, declaredFiles, foreignSettings, runtimeFile } from "./configuration.ts";
import { plannedImage, portPublished, serverRunning } from "./containers.ts";
import { bypassedQuorum, canary } from "./durability.ts";
import { baseBackup, checksums } from "./integrity.ts";
import { marker, replay, streaming, syncState, walReceiver } from "./replication.ts";
import { certificates, clients, hostBasedAuthentication, roleAttributes } from "./security.ts";
import { slots } from "./slots.ts";
import { onePrimary, sameSystemIdentifier, sameTimeline } from "./topology.ts";

/** In the order in which a reader wants them: causes before consequences. */
export const checks: readonly Check[] = [
  serverRunning,
  plannedImage,
  portPublished,
  declaredFiles,
  runtimeFile,
  configurationLoaded,
  foreignSettings,
  onePrimary,
  sameSystemIdentifier,
  sameTimeline,
  streaming,
  syncState,
  walReceiver,
  replay,
  slots,
  marker,
  canary,
  bypassedQuorum,
  checksums,
  baseBackup,
  hostBasedAuthentication,
  roleAttributes,
  clients,
  certificates,
];
