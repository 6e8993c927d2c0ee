import type { Mode } from "../../configs/spec.ts";
import type { Check } from "./check.ts";
import { configurationLoaded, declaredFiles, foreignSettings, runtimeFile } from "./configuration.ts";
import { plannedImage, portPublished, serverRunning } from "./containers.ts";
import { bypassedQuorum, canary } from "./durability.ts";
import { baseBackup, checksums } from "./integrity.ts";
import { logicalSlots } from "./logical/logicalSlots.ts";
import { markers } from "./logical/markers.ts";
import { ownData } from "./logical/ownData.ts";
import { publications } from "./logical/publications.ts";
import { rowParity } from "./logical/rowParity.ts";
import { schemaFiles } from "./logical/schemaFiles.ts";
import { schemaParity } from "./logical/schemaParity.ts";
import { sequences } from "./logical/sequences.ts";
import { subscriptions } from "./logical/subscriptions.ts";
import { tablesReady } from "./logical/tablesReady.ts";
import { marker, replay, streaming, syncState, walReceiver } from "./replication.ts";
import { certificates, clients, hostBasedAuthentication, roleAttributes } from "./security.ts";
import { slots } from "./slots.ts";
import { onePrimary, sameSystemIdentifier, sameTimeline } from "./topology.ts";

const physical: readonly Mode[] = ["async", "quorum"];
const quorum: readonly Mode[] = ["quorum"];
const logical: readonly Mode[] = ["logical"];
const every: readonly Mode[] = [...physical, ...logical];

/** Each check with the modes that it is for, in the order in which a reader wants them: causes before consequences. */
const register: readonly (readonly [check: Check, modes: readonly Mode[]])[] = [
  [serverRunning, every],
  [plannedImage, every],
  [portPublished, every],
  [declaredFiles, every],
  [runtimeFile, every],
  [configurationLoaded, every],
  [foreignSettings, every],
  [onePrimary, physical],
  [sameSystemIdentifier, physical],
  [sameTimeline, physical],
  [streaming, physical],
  [syncState, physical],
  [walReceiver, physical],
  [replay, physical],
  [slots, physical],
  [marker, physical],
  [canary, quorum],
  [bypassedQuorum, quorum],
  [ownData, logical],
  [schemaFiles, logical],
  [schemaParity, logical],
  [publications, logical],
  [subscriptions, logical],
  [tablesReady, logical],
  [logicalSlots, logical],
  [markers, logical],
  [rowParity, logical],
  [sequences, logical],
  [checksums, every],
  [baseBackup, physical],
  [hostBasedAuthentication, every],
  [roleAttributes, every],
  [clients, every],
  [certificates, every],
];

/** Of every mode. */
export const checks: readonly Check[] = register.map(([check]) => check);

export function checksFor(mode: Mode): readonly Check[] {
  return register.flatMap(([check, modes]) => (modes.includes(mode) ? [check] : []));
}
