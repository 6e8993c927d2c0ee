import { logicalPlanOf, subscriptionOf } from "../../../configs/logicalPlan.ts";
import type { Desired } from "../../desired.ts";
import { NodeContainer } from "../../docker.ts";
import { verificationLock } from "../../logical/bookkeeping.ts";
import type { ObservedLogical } from "../../logical/observedLogical.ts";
import type { ObservedCluster } from "../../observed.ts";
import { readSequences, type Sequence } from "../../sequences.ts";
import { subscribedTables } from "./comparedTables.ts";
import { type MarkersProbe, probeMarkers } from "./markersProbe.ts";
import { nothingCompared, type ParityProbe, type ParitySubscriber, probeParity } from "./parityProbe.ts";
import { type ReplicationError, replicationErrors } from "./replicationErrors.ts";
import { closeSessions, isOpen, type OpenSession, openSession, type Session } from "./session.ts";

/** What was found by doing in mode logical. */
export interface LogicalProbes {
  /** By node whose subscription does not run: what its server's log has of errors, oldest first. */
  readonly errors: Readonly<Record<string, readonly ReplicationError[]>>;
  /** Missing, like the others below, when the publisher could not be looked at. */
  readonly markers?: MarkersProbe;
  readonly parity?: ParityProbe;
  /** By node. */
  readonly sequences?: Readonly<Record<string, readonly Sequence[]>>;
}

/** Lines of a log that are searched for what stopped a subscription. */
const logLines = 2_000;

export async function probeLogical(desired: Desired, observed: ObservedCluster, bound: number): Promise<LogicalProbes> {
  const stopped = observed.nodes.filter(({ server }) =>
    server?.logical?.subscriptions.some(({ enabled, working }) => !enabled || !working),
  );
  const errors = await Promise.all(
    stopped.map(async ({ name }) => {
      const log = await containerOf(desired, name).logTail(logLines);
      return [name, replicationErrors(log)] as const;
    }),
  );
  const publisher = observed.nodes.find(({ name }) => name === desired.plan.primary)?.server?.logical;
  const found = publisher?.bookkeeping ? await probeStream(desired, publisher, observed, bound) : {};
  return { errors: Object.fromEntries(errors), ...found };
}

function containerOf(desired: Desired, node: string): NodeContainer {
  return new NodeContainer(desired.nodes[node]!.plan.container);
}

/** All connections are opened first, so that what is measured is replication and not the time to connect. */
async function probeStream(
  desired: Desired,
  publisher: ObservedLogical,
  observed: ObservedCluster,
  bound: number,
): Promise<Omit<LogicalProbes, "errors">> {
  const { database, primary } = desired.plan;
  const open = (node: string) => openSession(node, containerOf(desired, node), database);
  const running = observed.nodes.filter(({ server }) => server?.logical !== undefined).map(({ name }) => name);
  const nodes = logicalPlanOf(desired.plan)
    .subscriptions.map(({ node }) => node)
    .filter((node) => running.includes(node));
  const [writer, reader, ...subscribers] = await Promise.all([primary, primary, ...nodes].map(open));
  const sessions = [writer!, reader!, ...subscribers];
  try {
    const offline = [writer!, reader!].find((session) => !isOpen(session));
    if (offline !== undefined) return { markers: { error: (offline.client as Error).message, subscribers: {} } };
    const publishers = [writer as OpenSession, reader as OpenSession] as const;
    return await probeSessions(desired, publisher, observed, publishers, subscribers, bound);
  } finally {
    await closeSessions(sessions);
  }
}

async function probeSessions(
  { plan }: Desired,
  publisher: ObservedLogical,
  observed: ObservedCluster,
  [writer, reader]: readonly [OpenSession, OpenSession],
  subscribers: readonly Session[],
  bound: number,
): Promise<Omit<LogicalProbes, "errors">> {
  const sequences = await sequencesOf([reader, ...subscribers]);
  const error = await takeTurn(writer, bound);
  if (error !== undefined) return { sequences, markers: { error, subscribers: {} } };
  const markers = await probeMarkers(writer, subscribers, bound);
  // Where the last marker arrived, no parity point of a verification that was cut off is still on its way.
  const comparable = subscribers.filter(isOpen).flatMap((session): ParitySubscriber[] => {
    const arrived = markers.subscribers[session.node]?.seenAfter.truncate !== undefined;
    if (!arrived || !isReady(observed, session.node)) return [];
    const subscribed = subscribedTables(logicalPlanOf(plan), publisher, subscriptionOf(plan, session.node));
    return [{ session, tables: subscribed.compared }];
  });
  if (comparable.every(({ tables }) => tables.length === 0)) return { sequences, markers };
  const parity = await probeParity(writer, reader, comparable, bound).catch(
    (error: Error): ParityProbe => ({ ...nothingCompared, error: error.message }),
  );
  return { sequences, markers, parity };
}

/** Milliseconds that one verification waits for another, which may be comparing large tables. */
const turnBound = 60_000;

/** Verifications of one cluster take turns. Why it can't be this one's turn, or undefined. */
async function takeTurn({ client }: OpenSession, bound: number): Promise<string | undefined> {
  try {
    await client.query(
      `set lock_timeout = ${turnBound}; select pg_advisory_lock(${verificationLock}); set lock_timeout = ${bound}`,
    );
    return undefined;
  } catch (error) {
    const busy = (error as { code?: string }).code === lockNotAvailable;
    return busy ? `another verification has been at work for ${turnBound / 1000} s` : (error as Error).message;
  }
}

const lockNotAvailable = "55P03";

/** Every table is in the stream: rows that are still being copied can't be compared. */
function isReady(observed: ObservedCluster, node: string): boolean {
  const subscriptions = observed.nodes.find(({ name }) => name === node)?.server?.logical?.subscriptions ?? [];
  return (
    subscriptions.length > 0 &&
    subscriptions.every(({ enabled, tables }) => enabled && tables.every(({ state }) => state === "r"))
  );
}

async function sequencesOf(sessions: readonly Session[]): Promise<Record<string, readonly Sequence[]>> {
  const found = await Promise.all(
    sessions.filter(isOpen).map(async ({ node, client }) => [node, await readSequences(client)] as const),
  );
  return Object.fromEntries(found);
}
