import type { Stage, Step } from "../step.ts";
import { clone } from "./clone.ts";
import { configureRoles } from "./configureRoles.ts";
import type { StepContext } from "./context.ts";
import { enableQuorum } from "./enableQuorum.ts";
import { initialise } from "./initialise.ts";
import { applySchemaFiles } from "./logical/applySchemaFiles.ts";
import { awaitTables } from "./logical/awaitTables.ts";
import { cloneSubscriber } from "./logical/cloneSubscriber.ts";
import { recordCopies } from "./logical/copies.ts";
import { dropOrigin, dropRole } from "./logical/dropLeftovers.ts";
import { inDatabase, inTransaction } from "./logical/inDatabase.ts";
import { dropPublication, grantReading, setPublications } from "./logical/publications.ts";
import {
  alterSubscription,
  createSubscription,
  dropLogicalSlot,
  dropSubscription,
  enterBridges,
  refreshSubscription,
} from "./logical/subscriptions.ts";
import { startServer } from "./node.ts";
import { promote } from "./promote.ts";
import { rejoin } from "./rejoin.ts";
import { restartServer } from "./restartServer.ts";
import { retire } from "./retire.ts";
import { createSlot, dropSlot } from "./slots.ts";
import { startContainer } from "./startContainer.ts";
import { keepPrimary, switchOver } from "./switchOver.ts";
import { pruneReleases, writeFiles } from "./writeFiles.ts";
import { writeRuntime } from "./writeRuntime.ts";

/** Runs the stages in order, the steps of one at the same time. All steps of a stage end before the first failure is thrown. */
export async function execute(context: StepContext, stages: readonly Stage[]): Promise<void> {
  for (const stage of stages) {
    const results = await Promise.allSettled(stage.map((step) => executeStep(context, step)));
    const failures = results.flatMap((result) => (result.status === "rejected" ? [result.reason as Error] : []));
    if (failures.length === 1) throw failures[0];
    if (failures.length > 1) throw new AggregateError(failures, failures.map(({ message }) => message).join("\n"));
  }
}

async function executeStep(context: StepContext, step: Step): Promise<void> {
  const container = context.containers[step.node]!;
  switch (step.kind) {
    case "startContainer":
      return startContainer(context, step.node);
    case "writeFiles":
      context.progress.say(`${step.node}: writing its configuration`);
      await writeFiles(container, context.desired.nodes[step.node]!.files);
      return pruneReleases(container);
    case "initialise":
      return initialise(context, step.node);
    case "writeRuntime":
      return writeRuntime(context, step.node, step.synchronousStandbyNames);
    case "startServer":
      context.progress.say(`${step.node}: starting PostgreSQL`);
      return startServer(container);
    case "restartServer":
      return restartServer(context, step);
    case "configureRoles":
      return configureRoles(context, step.node);
    case "createSlot":
      return createSlot(context, step.node, step.slot);
    case "clone":
      return clone(context, step.node, step.from);
    case "keepPrimary":
      return keepPrimary(context, step.node);
    case "switchOver":
      return switchOver(context, step.node, step.to);
    case "rejoin":
      return rejoin(context, step.node, step.from);
    case "promote":
      return promote(context, step.node, step.others);
    case "dropSlot":
      return dropSlot(context, step.node, step.slot);
    case "retire":
      return retire(context, step);
    case "applySchemaFiles":
      return applySchemaFiles(context, step.node, step.paths);
    case "recordCopies":
      return inDatabase(context, step.node, (client) => inTransaction(client, () => recordCopies(client, step)));
    case "setPublications":
      return setPublications(context, step.node, step.publications);
    case "dropPublication":
      return dropPublication(context, step.node, step.publication);
    case "grantReading":
      return grantReading(context, step.node, step.readers);
    case "dropLogicalSlot":
      return dropLogicalSlot(context, step.node, step.slot);
    case "createSubscription":
      return createSubscription(context, step);
    case "alterSubscription":
      return alterSubscription(context, step);
    case "enterBridges":
      return enterBridges(context, step);
    case "refreshSubscription":
      return refreshSubscription(context, step);
    case "dropSubscription":
      return dropSubscription(context, step.node, step.subscription);
    case "awaitTables":
      return awaitTables(context, step.node);
    case "cloneSubscriber":
      return cloneSubscriber(context, step);
    case "dropRole":
      return dropRole(context, step.node, step.role);
    case "dropOrigin":
      return dropOrigin(context, step.node, step.origin);
    case "enableQuorum":
      return enableQuorum(context, step.node, step.synchronousStandbyNames);
  }
}
