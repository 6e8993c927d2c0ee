import { retireLeavers, startContainers, writeDeclaredFiles } from "../nodes.ts";
import type { Rule } from "../rule.ts";
import { enterBridges, setBridges } from "./bridges.ts";
import { cloneSubscribers, dropLeftoversOfClones, exceptClones } from "./clones.ts";
import { recordCopies } from "./copies.ts";
import { dropOrphanedOrigins, dropOrphanedSlots, dropRoles, dropSlotsOfCopies } from "./leftovers.ts";
import { dropPublications, grantReading, setPublications } from "./publications.ts";
import { applySchemaToPublisher, applySchemaToSubscribers } from "./schema.ts";
import { initialise, provideRoles, restartForDeclaredFiles, serveAll } from "./servers.ts";
import {
  alterSubscriptions,
  awaitTables,
  createSubscriptions,
  dropBrokenSubscriptions,
  leavePublications,
  refreshSubscriptions,
} from "./subscriptions.ts";

/**
 * Mode logical: a publisher, and subscribers that each have data of their own.
 *
 * Two orders keep the stream whole. Something new is made from the subscriber's side to the publisher's (schema files) and published
 * before it is subscribed to; something that goes is unsubscribed before it is unpublished, and a node that leaves goes before anything
 * that it does not know. And a table whose rows must be copied again leaves its subscription before it enters it anew, while the others
 * go on by a bridge: what is in `copied_tables` tells at every moment which rows are whose.
 */
export const logicalRules: readonly Rule[] = [
  startContainers,
  writeDeclaredFiles,
  ...[
    initialise,
    serveAll,
    provideRoles,
    restartForDeclaredFiles,
    retireLeavers,
    applySchemaToSubscribers,
    applySchemaToPublisher,
    recordCopies,
    dropBrokenSubscriptions,
    leavePublications,
    setBridges,
    enterBridges,
    setPublications,
    grantReading,
    dropOrphanedSlots,
  ].map(exceptClones),
  dropLeftoversOfClones,
  cloneSubscribers,
  createSubscriptions,
  alterSubscriptions,
  refreshSubscriptions,
  dropPublications,
  awaitTables,
  dropSlotsOfCopies,
  dropRoles,
  dropOrphanedOrigins,
];
