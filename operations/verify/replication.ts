import { roles } from "../../configs/roles.ts";
import type { ObservedReplication } from "../observed.ts";
import type { Check, Evidence } from "./check.ts";
import { eachServer, fail, pass, primaryOf, runUp, standbysOf } from "./check.ts";

/** The primary's view of each standby. */
export const streaming: Check = {
  id: "streaming",
  examine: (evidence) => {
    const rows = primaryOf(evidence)?.server?.replication;
    if (rows === undefined) return [];
    const known = new Set(evidence.desired.plan.nodes.map(({ applicationName }) => applicationName));
    const strangers = rows.filter(
      ({ role, applicationName }) => role === roles.replicator && !known.has(applicationName),
    );
    return [
      ...standbysOf(evidence).map(({ name }) => examineStandby(evidence, name, rows)),
      ...strangers.map(({ applicationName }) =>
        fail(
          `something streams as application_name ${JSON.stringify(applicationName)}, which is no node of the plan`,
          "find the standby whose primary_conninfo names it, and run `up`",
        ),
      ),
    ];
  },
};

function examineStandby(evidence: Evidence, name: string, rows: readonly ObservedReplication[]) {
  const { slot, applicationName } = evidence.desired.nodes[name]!.plan;
  const primary = evidence.desired.plan.primary;
  const row = rows.find((each) => each.applicationName === applicationName);
  const remedy = `look at its log: docker logs --tail 50 ${evidence.desired.plan.stack}-${name}; then ${runUp(evidence)}`;
  if (row === undefined) return fail(`does not stream from ${primary}`, remedy, name);
  if (row.state !== "streaming") return fail(`its state on ${primary} is ${row.state}`, remedy, name);
  if (row.slot !== slot)
    return fail(`streams from slot ${row.slot ?? "none"}, planned is ${slot}`, runUp(evidence), name);
  if (!row.tls) return fail("its replication connection is not encrypted", runUp(evidence), name);
  return pass(
    `streams from ${primary}, slot ${slot}, ${row.tlsVersion}, ${row.flushLagBytes ?? 0} bytes to flush, ${row.replayLagBytes ?? 0} bytes to replay`,
    name,
  );
}

/** pg_stat_replication.sync_state as the plan wants it. */
export const syncState: Check = {
  id: "sync-state",
  examine: (evidence) => {
    const rows = primaryOf(evidence)?.server?.replication ?? [];
    const { synchronous } = evidence.desired.plan;
    const allowed =
      synchronous === undefined ? ["async"] : synchronous.method === "any" ? ["quorum"] : ["sync", "potential"];
    return standbysOf(evidence).flatMap(({ name }) => {
      const row = rows.find(({ applicationName }) => applicationName === name);
      if (row === undefined) return [];
      if (allowed.includes(row.syncState)) return [pass(row.syncState, name)];
      return [fail(`sync_state is ${row.syncState}, planned is ${allowed.join(" or ")}`, runUp(evidence), name)];
    });
  },
};

/** The standby's own view. */
export const walReceiver: Check = {
  id: "wal-receiver",
  examine: (evidence) => {
    const { primary, stack } = evidence.desired.plan;
    return eachServer(evidence, ({ name, server }) => {
      if (name === primary || !server.inRecovery) return [];
      const receiver = server.walReceiver;
      const remedy = `look at its log: docker logs --tail 50 ${stack}-${name}`;
      if (receiver === null) return [fail("its WAL receiver does not run", remedy, name)];
      if (receiver.status !== "streaming") return [fail(`its WAL receiver is ${receiver.status}`, remedy, name)];
      if (receiver.senderHost !== primary) {
        return [fail(`receives from ${receiver.senderHost}, planned is ${primary}`, runUp(evidence), name)];
      }
      return [pass(`receives from ${primary}`, name)];
    });
  },
};

export const replay: Check = {
  id: "replay",
  examine: (evidence) =>
    eachServer(evidence, ({ name, server }) => {
      if (!server.inRecovery) return [];
      if (server.replayPaused) return [fail("replay is paused", "SELECT pg_wal_replay_resume(); on it", name)];
      return [pass(`${(server.replayLagSeconds ?? 0).toFixed(1)} s behind`, name)];
    }),
};

export const marker: Check = {
  id: "marker-row",
  examine: ({ probes, desired }) => {
    if (probes.marker === undefined) return [];
    if (probes.marker.error !== undefined) {
      return [
        fail(
          `could not be written on ${desired.plan.primary}: ${probes.marker.error}`,
          `look at its log: docker logs --tail 50 ${desired.plan.stack}-${desired.plan.primary}`,
        ),
      ];
    }
    const { lsn } = probes.marker;
    return Object.entries(probes.marker.standbys).map(([name, seen]) =>
      seen.visibleAfter === undefined
        ? fail(
            `written at ${lsn}, not readable within ${probes.bound} ms: ${seen.error}`,
            "see streaming and replay of this node",
            name,
          )
        : pass(`written at ${lsn}, readable after ${seen.visibleAfter.toFixed(0)} ms`, name),
    );
  },
};
