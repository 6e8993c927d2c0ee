import { describe, expect, test } from "vitest";
import { marker, replay, streaming, syncState, walReceiver } from "../../../../operations/verify/replication.ts";
import { slots } from "../../../../operations/verify/slots.ts";
import { describeCheck } from "../support/describeCheck.ts";
import { type Fault, failures, healthy, marker as markerProbe, row, server } from "../support/evidence.ts";

const up = /npm run up -- --stack test/;
const log = /docker logs .*test-pg-2/;

function replicationRows(change: (rows: readonly { applicationName: string }[]) => readonly object[]): Fault {
  return (evidence) => {
    const rows = evidence.observed.nodes[0]!.server!.replication;
    return server("pg-1", { replication: change(rows) as typeof rows })(evidence);
  };
}

describeCheck(streaming, [
  {
    fault: "a standby does not stream",
    evidence: replicationRows((rows) => rows.filter(({ applicationName }) => applicationName !== "pg-2")),
    on: "pg-2",
    says: /does not stream from pg-1/,
    remedy: log,
  },
  {
    fault: "a standby catches up",
    evidence: row("pg-2", { state: "catchup" }),
    on: "pg-2",
    says: /catchup/,
    remedy: log,
  },
  {
    fault: "a standby uses another slot",
    evidence: row("pg-2", { slot: "pg_9" }),
    on: "pg-2",
    says: /slot pg_9, planned is pg_2/,
    remedy: up,
  },
  {
    fault: "a standby uses no slot",
    evidence: row("pg-2", { slot: null }),
    on: "pg-2",
    says: /slot none, planned is pg_2/,
    remedy: up,
  },
  { fault: "no TLS", evidence: row("pg-2", { tls: false }), on: "pg-2", says: /not encrypted/, remedy: up },
  {
    fault: "a stranger streams as replicator",
    evidence: replicationRows((rows) => [...rows, { ...rows[0]!, applicationName: "walreceiver" }]),
    says: /application_name "walreceiver", which is no node/,
    remedy: /primary_conninfo/,
  },
]);

test("a wrong application_name is two findings: the node that is missed and the stranger", () => {
  const evidence = row("pg-3", { applicationName: "pg-x" });
  expect(failures(streaming, { evidence }).map(({ node, detail }) => [node, detail])).toEqual([
    ["pg-3", expect.stringMatching(/does not stream/)],
    [undefined, expect.stringMatching(/"pg-x"/)],
  ]);
});

describeCheck(syncState, [
  {
    fault: "the quorum is off",
    evidence: row("pg-2", { syncState: "async" }),
    on: "pg-2",
    says: /async, planned is quorum/,
    remedy: up,
  },
  {
    fault: "async mode, but commits wait",
    cluster: { mode: "async" },
    evidence: row("pg-3", { syncState: "quorum" }),
    on: "pg-3",
    says: /quorum, planned is async/,
    remedy: up,
  },
  {
    fault: "method first, but the standby is not in the list",
    cluster: { method: "first" },
    evidence: row("pg-3", { syncState: "async" }),
    on: "pg-3",
    says: /async, planned is sync or potential/,
    remedy: up,
  },
]);

test("method first: a standby in waiting is as planned", () => {
  expect(
    failures(syncState, { cluster: { method: "first" }, evidence: row("pg-3", { syncState: "potential" }) }),
  ).toEqual([]);
});

describeCheck(walReceiver, [
  { fault: "none", evidence: server("pg-2", { walReceiver: null }), on: "pg-2", says: /does not run/, remedy: log },
  {
    fault: "waits",
    evidence: server("pg-2", { walReceiver: { status: "waiting", slot: "pg_2", senderHost: "pg-1", timeline: 1 } }),
    on: "pg-2",
    says: /waiting/,
    remedy: log,
  },
  {
    fault: "receives from another standby",
    evidence: server("pg-2", { walReceiver: { status: "streaming", slot: "pg_2", senderHost: "pg-3", timeline: 1 } }),
    on: "pg-2",
    says: /receives from pg-3, planned is pg-1/,
    remedy: up,
  },
]);

describeCheck(replay, [
  {
    fault: "paused",
    evidence: server("pg-3", { replayPaused: true }),
    on: "pg-3",
    says: /paused/,
    remedy: /pg_wal_replay_resume/,
  },
]);

describeCheck(marker, [
  {
    fault: "it could not be written",
    evidence: markerProbe({ error: "disk full", standbys: {} }),
    says: /could not be written on pg-1: disk full/,
    remedy: /docker logs .*test-pg-1/,
  },
  {
    fault: "it did not arrive",
    evidence: markerProbe({ standbys: { "pg-2": { visibleAfter: 2 }, "pg-3": { error: "the row did not arrive" } } }),
    on: "pg-3",
    says: /not readable within 10000 ms: the row did not arrive/,
    remedy: /streaming and replay/,
  },
]);

function slot(name: string, change: object): Fault {
  return (evidence) => {
    const found = evidence.observed.nodes[0]!.server!.slots;
    return server("pg-1", { slots: found.map((each) => (each.name === name ? { ...each, ...change } : each)) })(
      evidence,
    );
  };
}

describeCheck(slots, [
  {
    fault: "dropped",
    evidence: (evidence) =>
      server("pg-1", { slots: evidence.observed.nodes[0]!.server!.slots.filter(({ name }) => name !== "pg_3") })(
        evidence,
      ),
    on: "pg-3",
    says: /pg_3 is missing on pg-1/,
    remedy: up,
  },
  {
    fault: "lost",
    evidence: slot("pg_2", { walStatus: "lost", active: false }),
    on: "pg-2",
    says: /lost WAL/,
    remedy: up,
  },
  {
    fault: "not in use",
    evidence: slot("pg_2", { active: false }),
    on: "pg-2",
    says: /not in use/,
    remedy: /streaming/,
  },
  {
    fault: "about to lose WAL",
    evidence: slot("pg_2", { walStatus: "unreserved" }),
    on: "pg-2",
    says: /unreserved/,
    remedy: /lags/,
  },
  {
    fault: "somebody's, left behind",
    evidence: (evidence) => {
      const found = evidence.observed.nodes[0]!.server!.slots;
      const left = {
        name: "pg_9",
        type: "physical",
        active: false,
        walStatus: "extended",
        retainedBytes: 5e9,
      } as const;
      return server("pg-1", { slots: [...found, left] })(evidence);
    },
    says: /pg_9 on pg-1 belongs to no node of the plan.*5000000000 bytes/,
    remedy: /pg_drop_replication_slot\('pg_9'\)/,
  },
]);

describe("a primary that is down", () => {
  test.each([streaming, syncState, slots])("$id has nothing to judge", ({ examine }) => {
    const evidence = healthy();
    const [primary, ...standbys] = evidence.observed.nodes;
    const { server: _, ...down } = primary!;
    expect(examine({ ...evidence, observed: { nodes: [down, ...standbys] } })).toEqual([]);
  });
});
