import { UserError } from "../configs/userError.ts";
import type { Desired } from "./desired.ts";
import { isFailedOver } from "./fence.ts";
import { isWritable, leaderOf } from "./leader.ts";
import { refuseUnsafeLogical } from "./logical/refuseUnsafeLogical.ts";
import { lsn } from "./lsn.ts";
import type { ObservedCluster, ObservedNode } from "./observed.ts";

/**
 * Throws a UserError where no step is safe: each case could cost acknowledged rows or make a second writable node. Says what was
 * found, and what to do.
 */
export function refuseUnsafe(desired: Desired, observed: ObservedCluster): void {
  const absent = observed.nodes.filter((node) => node.container === "absent").map(({ name }) => name);
  if (absent.length > 0) {
    throw new UserError(
      `The container of ${list(absent)} is gone, though the stack's state has it. Run \`pulumi refresh --stack ${desired.plan.stack}\`, then \`up\` again: the container is made anew on its kept volumes.`,
    );
  }
  const fenced = observed.nodes.filter((node) => node.volumes?.fence !== undefined && !isFailedOver(node));
  if (fenced.length > 0) {
    throw new UserError(fenced.map((node) => `${node.name} is fenced: ${node.volumes!.fence}`).join("\n"));
  }
  if (desired.plan.logical === undefined) {
    refuseUnsafePhysical(desired, observed);
  } else {
    const { primary, others } = ofPrimary(observed, desired.plan.primary);
    refuseUnsafeLogical(desired.plan, primary, others);
  }
}

function ofPrimary({ nodes }: ObservedCluster, name: string) {
  return { primary: nodes.find((node) => node.name === name)!, others: nodes.filter((node) => node.name !== name) };
}

function refuseUnsafePhysical(desired: Desired, observed: ObservedCluster): void {
  const leader = leaderOf(desired, observed);
  const { primary, others } = ofPrimary(observed, leader ?? desired.plan.primary);
  refuseSecondPrimary(primary, others);
  // A container that comes and goes: what its volumes hold is not known.
  if (observed.nodes.some(({ volumes }) => volumes === undefined)) return;
  refuseEmptyPrimary(desired.plan.stack, primary, others);
  if (leader === undefined) refuseLostPrimary(desired.plan.stack, observed);
  refuseBrokenPrimary(primary);
  if (primary.volumes?.data !== undefined) {
    refuseForeignData(primary, others);
    refuseDivergedData(primary, others);
  }
}

function refuseEmptyPrimary(stack: string, primary: ObservedNode, others: readonly ObservedNode[]): void {
  const holders = others.filter((node) => node.volumes?.data !== undefined).map(({ name }) => name);
  if (primary.volumes?.data !== undefined || holders.length === 0) return;
  throw new UserError(
    `The declared primary ${primary.name} has no data, but ${list(holders)} has. An empty primary would replace it. Nothing was changed. Restore its data volume; or promote a standby, \`npm run failover -- --stack ${stack}\`; or, if that data is not wanted, destroy the stack with --delete-data.`,
  );
}

/** In the middle of a switchover everybody has data. Where somebody has none, that may have been the primary's, with rows that nobody else has. */
function refuseLostPrimary(stack: string, { nodes }: ObservedCluster): void {
  const empty = nodes.filter(({ volumes }) => volumes?.data === undefined).map(({ name }) => name);
  if (empty.length === 0) return;
  throw new UserError(
    `No node is a primary, and ${list(empty)} has no data: it may have been the primary, with rows that the others don't have. Nothing was changed. Restore its data volume; or, if what the others have is all that can be had, \`npm run failover -- --stack ${stack}\`.`,
  );
}

/** A data directory that is there and is none: initdb would have to go over it. */
function refuseBrokenPrimary({ name, volumes }: ObservedNode): void {
  if (volumes?.data !== undefined || !volumes?.directories.includes("data")) return;
  throw new UserError(
    `The data directory of ${name} has no global/pg_control, so it can't be started, and it is not empty, so it is not initialised over. Look at it with \`docker run --rm -v VOLUME:/data IMAGE ls -la /data/data\`, and restore it or move it away.`,
  );
}

/** Also while one of them is down: started beside the other, it would make two. */
function refuseSecondPrimary(primary: ObservedNode, others: readonly ObservedNode[]): void {
  const writable = others.filter(isWritable).map(({ name }) => name);
  if (writable.length === 0) return;
  throw new UserError(
    `${list(writable)} was promoted outside of this stack: ${primary.name} is a primary as well, and two writable nodes have separate histories. Nothing was changed. Stop writing to the wrong one. If ${primary.name} is right, save what you need from the other, remove its data volume, and it will be cloned again. If ${list(writable)} is right, set \`postgres-cluster:primary\` to it after moving ${primary.name}'s data volume away.`,
  );
}

function refuseForeignData(primary: ObservedNode, others: readonly ObservedNode[]): void {
  const expected = primary.volumes!.data!.systemIdentifier;
  for (const node of others) {
    const found = node.volumes?.data?.systemIdentifier;
    if (found !== undefined && found !== expected) {
      throw new UserError(
        `The data of ${node.name} belongs to another cluster (system identifier ${found}, the primary's is ${expected}). Nothing was changed. Move that volume away or remove it, and run \`up\` again: the standby will be cloned.`,
      );
    }
  }
}

/** A standby that has been further than its primary holds rows that the primary doesn't: cloning over it would remove them. */
function refuseDivergedData(primary: ObservedNode, others: readonly ObservedNode[]): void {
  const timeline = Math.max(primary.volumes!.data!.timeline, primary.server?.timeline ?? 0);
  for (const { name, volumes } of others) {
    const data = volumes?.data;
    if (data === undefined) continue;
    const later = data.timeline > timeline;
    const ahead =
      data.timeline === timeline &&
      primary.server !== undefined &&
      lsn(data.checkpointLsn) > lsn(primary.server.flushLsn);
    if (!later && !ahead) continue;
    const found = `timeline ${data.timeline}, checkpoint at ${data.checkpointLsn}`;
    throw new UserError(
      `${name} has been further than the declared primary ${primary.name}: ${found}; the primary is on timeline ${timeline}, at ${primary.server?.flushLsn ?? "an unknown position"}. It may hold rows that the primary does not. Nothing was changed. Save what you need from ${name}, remove its data volume, and it will be cloned again; or make it the primary.`,
    );
  }
}

function list(names: readonly string[]): string {
  return names.join(", ");
}
