import { UserError } from "../configs/userError.ts";
import type { Desired } from "./desired.ts";
import { refuseUnsafeLogical } from "./logical/refuseUnsafeLogical.ts";
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
  const fenced = observed.nodes.filter((node) => node.volumes?.fence !== undefined);
  if (fenced.length > 0) {
    throw new UserError(fenced.map((node) => `${node.name} is fenced: ${node.volumes!.fence}`).join("\n"));
  }
  const primary = observed.nodes.find((node) => node.name === desired.plan.primary)!;
  const others = observed.nodes.filter((node) => node !== primary);
  if (desired.plan.logical === undefined) refuseUnsafePhysical(observed, primary, others);
  else refuseUnsafeLogical(desired.plan, primary, others);
}

function refuseUnsafePhysical(observed: ObservedCluster, primary: ObservedNode, others: readonly ObservedNode[]): void {
  refuseSecondPrimary(primary, others);
  // What a stopped container's volumes hold is not known. Starting it is safe: as a standby that was promoted it would wait.
  if (observed.nodes.some((node) => node.container !== "running")) return;
  refuseEmptyPrimary(primary, others);
  refuseBrokenPrimary(primary);
  if (primary.volumes?.data !== undefined) {
    refuseStandbyAsPrimary(primary, others);
    refuseForeignData(primary, others);
    refuseDivergedData(primary, others);
  }
}

function refuseEmptyPrimary(primary: ObservedNode, others: readonly ObservedNode[]): void {
  const holders = others.filter((node) => node.volumes?.data !== undefined).map(({ name }) => name);
  if (primary.volumes?.data !== undefined || holders.length === 0) return;
  throw new UserError(
    `The declared primary ${primary.name} has no data, but ${list(holders)} has. An empty primary would replace it. Either set \`postgres-cluster:primary\` to a node that holds the data, or, if that data is not wanted, destroy the stack with --delete-data.`,
  );
}

/** A data directory that is there and is none: initdb would have to go over it. */
function refuseBrokenPrimary({ name, volumes }: ObservedNode): void {
  if (volumes?.data !== undefined || !volumes?.directories.includes("data")) return;
  throw new UserError(
    `The data directory of ${name} has no global/pg_control, so it can't be started, and it is not empty, so it is not initialised over. Look at it with \`docker run --rm -v VOLUME:/data IMAGE ls -la /data/data\`, and restore it or move it away.`,
  );
}

/** Also while the declared primary is down: started beside another writable node, it would make two. */
function refuseSecondPrimary(primary: ObservedNode, others: readonly ObservedNode[]): void {
  const writable = others.filter(isPrimaryData).map(({ name }) => name);
  if (writable.length === 0 || primary.volumes?.data?.standbySignal) return;
  throw new UserError(
    `${list(writable)} was promoted outside of this stack: ${primary.name} is the declared primary, and two writable nodes have separate histories. Nothing was changed. Stop writing to the wrong one. If ${primary.name} is right, save what you need from the other, remove its data volume, and it will be cloned again. If ${list(writable)} is right, set \`postgres-cluster:primary\` to it after moving ${primary.name}'s data volume away.`,
  );
}

function refuseStandbyAsPrimary(primary: ObservedNode, others: readonly ObservedNode[]): void {
  if (isPrimaryData(primary)) return;
  const [writable] = others.filter(isPrimaryData);
  if (writable !== undefined) {
    throw new UserError(
      `The declared primary ${primary.name} is a standby, and ${writable.name} is the primary. A change of primary is not carried out yet: set \`postgres-cluster:primary\` to ${writable.name}.`,
    );
  }
  throw new UserError(
    `No node holds a primary's data: ${primary.name} is a standby. Promote the standby that is furthest ahead by hand, and set \`postgres-cluster:primary\` to it.`,
  );
}

/** Will this data directory accept writes when it is started? */
function isPrimaryData(node: ObservedNode): boolean {
  return node.volumes?.data !== undefined && !node.volumes.data.standbySignal;
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

/** An LSN as a number that compares; `X/Y` are the high and the low 32 bits in hex. */
function lsn(text: string): bigint {
  const [high = "0", low = "0"] = text.split("/");
  return (BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`);
}

function list(names: readonly string[]): string {
  return names.join(", ");
}
