import { UserError } from "../configs/userError.ts";
import { Connections } from "./connections.ts";
import type { Desired } from "./desired.ts";
import { isBridge } from "./logical/bridges.ts";
import { observe } from "./observe.ts";
import type { ObservedCluster } from "./observed.ts";
import { reconcile } from "./reconcile.ts";
import type { Step } from "./step.ts";

export interface Drift {
  /** What has come to differ from the plan since it was last applied, a line each. */
  readonly differences: readonly string[];
  /** A container of the stack's state does not exist any more: Pulumi has to look at its resources before it can make it anew. */
  readonly containersGone: boolean;
}

/**
 * Compares the live cluster with what was last applied; undefined when it is as it should be. Pulumi runs the hook again only when
 * its inputs change, so drift has to be looked for.
 */
export async function findDrift(desired: Desired): Promise<Drift | undefined> {
  await using connections = new Connections();
  const observed = await observe(desired.plan, connections);
  const gone = observed.nodes.filter(({ container }) => container === "absent").map(({ name }) => name);
  const differences =
    gone.length > 0 ? gone.map((name) => `${name}: its container is gone`) : differencesOf(desired, observed);
  return differences.length === 0 ? undefined : { differences, containersGone: gone.length > 0 };
}

/** A state in which nothing can safely be done is drift as well: the hook runs, and says so. */
function differencesOf(desired: Desired, observed: ObservedCluster): string[] {
  try {
    return reconcile(desired, observed).flatMap((stage) => stage.map(describeStep));
  } catch (error) {
    if (error instanceof UserError) return [error.message];
    throw error;
  }
}

function describeStep(step: Step): string {
  switch (step.kind) {
    case "startContainer":
      return `${step.node}: its container does not run`;
    case "writeFiles":
      return `${step.node}: its declared files were changed`;
    case "initialise":
    case "cloneSubscriber":
      return `${step.node}: it has no data`;
    case "writeRuntime":
      return `${step.node}: its runtime settings were changed, or are not loaded`;
    case "startServer":
      return `${step.node}: its server does not run`;
    case "restartServer":
      return `${step.node}: parameters wait for a restart`;
    case "configureRoles":
      return `${step.node}: roles, passwords or the database differ`;
    case "createSlot":
      return `${step.node}: slot ${step.slot} is missing`;
    case "keepPrimary":
      return `${step.node}: it would start as a standby, though it is the primary`;
    case "switchOver":
      return `${step.node}: it is the primary, and not ${step.to}`;
    case "rejoin":
      return `${step.node}: it was the primary before a failover, and is to follow ${step.from}`;
    case "promote":
      return `${step.node}: it is to be the primary, and there is none`;
    case "dropSlot":
      return `${step.node}: slot ${step.slot} belongs to nobody`;
    case "clone":
      return `${step.node}: has to be cloned from ${step.from}`;
    case "retire":
      return `${step.leaver}: still runs, or has a slot, though it is no longer declared`;
    case "applySchemaFiles":
      return `${step.node}: schema files are not applied: ${step.paths.join(", ") || "our own tables"}`;
    case "recordCopies":
    case "refreshSubscription":
      return `${step.node}: what it subscribes to is not what is published`;
    case "enterBridges":
      return `${step.node}: tables are to be copied again, or to come by another publication`;
    case "setPublications":
      if (step.publications.every(({ name }) => isBridge(name))) {
        return "tables are to be copied again on a subscriber, or to come by another publication";
      }
      return `${step.node}: publications were changed, or are missing: ${step.publications.map(({ name }) => name).join(", ")}`;
    case "dropPublication":
      return `${step.node}: publication ${step.publication} is no longer declared`;
    case "grantReading":
      return `${step.node}: the rights of ${step.readers.map(({ role }) => role).join(", ")} differ`;
    case "dropLogicalSlot":
      return `${step.node}: slot ${step.slot} belongs to no subscription`;
    case "createSubscription":
      return `${step.node}: its subscription is missing`;
    case "alterSubscription":
      return `${step.node}: its subscription was changed, or is disabled`;
    case "dropSubscription":
      return `${step.node}: subscription ${step.subscription} is not wanted, or cannot go on`;
    case "awaitTables":
      return `${step.node}: tables are still being copied`;
    case "dropRole":
      return `${step.node}: role ${step.role} belongs to no subscriber`;
    case "dropOrigin":
      return `${step.node}: replication origin ${step.origin} belongs to no subscription`;
    case "enableQuorum":
      return `${step.node}: the quorum is not switched on`;
  }
}
