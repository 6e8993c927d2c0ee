import { describe, expect, test } from "vitest";
import type { SubscribedTable } from "../../../../../operations/logical/observedLogical.ts";
import type { ObservedSlot } from "../../../../../operations/observed.ts";
import { logicalSlots } from "../../../../../operations/verify/logical/logicalSlots.ts";
import { markers } from "../../../../../operations/verify/logical/markers.ts";
import { subscriptions } from "../../../../../operations/verify/logical/subscriptions.ts";
import { tablesReady } from "../../../../../operations/verify/logical/tablesReady.ts";
import { describeLogicalCheck } from "../../support/describeCheck.ts";
import {
  all,
  type Fault,
  failures,
  logical,
  logicalProbes,
  row,
  server,
  subscription,
} from "../../support/evidence.ts";

const up = /npm run up -- --stack test/;
const cluster = { mode: "logical" } as const;

const conflict = {
  message: 'duplicate key value violates unique constraint "users_pkey"',
  detail: "Key (id)=(1) already exists.",
  table: "public.users",
  operation: "INSERT",
  transaction: "740",
  finishedAt: "0/14C0378",
};

describeLogicalCheck(subscriptions, [
  {
    fault: "it is missing",
    evidence: logical("pg-2", { subscriptions: [] }),
    on: "pg-2",
    says: /subscription pg_2 is missing/,
    remedy: up,
  },
  {
    fault: "it was disabled by hand",
    evidence: subscription("pg-2", { enabled: false }),
    on: "pg-2",
    says: /pg_2 is disabled; 0 errors while applying, 0 while copying/,
    remedy: up,
  },
  {
    fault: "a conflict disabled it",
    evidence: all(
      subscription("pg-2", { enabled: false, working: false, applyErrors: 3 }),
      logicalProbes({ errors: { "pg-2": [{ message: "an older one" }, conflict] } }),
    ),
    on: "pg-2",
    says: /pg_2 is disabled: duplicate key .*"users_pkey": Key \(id\)=\(1\) already exists in public\.users \(INSERT of transaction 740 that ended at 0\/14C0378\); 3 errors/,
    remedy:
      /on pg-2.*DELETE FROM public\.users WHERE id = '1';.*ALTER SUBSCRIPTION pg_2 SKIP \(lsn = '0\/14C0378'\).*npm run up/,
  },
  {
    fault: "its worker does not run",
    evidence: subscription("pg-2", { working: false }),
    on: "pg-2",
    says: /its apply worker does not run/,
    remedy: /docker logs .*test-pg-2/,
  },
  {
    fault: "another slot",
    evidence: subscription("pg-2", { slot: null }),
    on: "pg-2",
    says: /its slot is none, planned is pg_2/,
    remedy: up,
  },
  {
    fault: "a publication is missing",
    evidence: subscription("pg-2", { publications: ["orders_pub", "postgres_cluster"] }),
    on: "pg-2",
    says: /it has orders_pub, postgres_cluster, planned is orders_pub, postgres_cluster, users_pub/,
    remedy: up,
  },
  {
    fault: "an option was changed",
    evidence: subscription("pg-2", { options: '[false, "p", "d", false, "none", true, false]' }),
    on: "pg-2",
    says: /its options are/,
    remedy: up,
  },
  {
    fault: "an origin is left over",
    evidence: logical("pg-3", { orphanedOrigins: ["pg_16400"] }),
    on: "pg-3",
    says: /replication origin pg_16400 belongs to no subscription/,
    remedy: up,
  },
  {
    fault: "the publisher subscribes to itself",
    evidence: (evidence) => {
      const [one] = evidence.observed.nodes[1]!.server!.logical!.subscriptions;
      return logical("pg-1", { subscriptions: [{ ...one!, name: "pg_1" }] })(evidence);
    },
    on: "pg-1",
    says: /subscription pg_1 is no longer declared/,
    remedy: up,
  },
]);

test("a connection string is never shown: it may hold a password", () => {
  const evidence = subscription("pg-2", { conninfo: "host=elsewhere password=hunter2" });
  const found = failures(subscriptions, { cluster, evidence });
  expect(found).toMatchObject([{ node: "pg-2", detail: expect.stringMatching(/connection string/) }]);
  expect(JSON.stringify(found)).not.toContain("hunter2");
});

function tables(change: (table: SubscribedTable) => SubscribedTable | undefined): Fault {
  return (evidence) => {
    const [one] = evidence.observed.nodes[1]!.server!.logical!.subscriptions;
    return subscription("pg-2", { tables: one!.tables.flatMap((each) => change(each) ?? []) })(evidence);
  };
}

describeLogicalCheck(tablesReady, [
  {
    fault: "a table is being copied",
    evidence: tables((each) => (each.name === "orders" ? { ...each, state: "d" } : each)),
    on: "pg-2",
    says: /1 of 4 tables are not ready: public\.orders is being copied/,
    remedy: up,
  },
  {
    fault: "a table is not subscribed",
    evidence: tables((each) => (each.name === "users" ? undefined : each)),
    on: "pg-2",
    says: /public\.users is not subscribed/,
    remedy: up,
  },
]);

function slots(change: (slot: ObservedSlot) => ObservedSlot | undefined, ...more: ObservedSlot[]): Fault {
  return (evidence) => {
    const found = evidence.observed.nodes[0]!.server!.slots.flatMap((slot) => change(slot) ?? []);
    return server("pg-1", { slots: [...found, ...more] })(evidence);
  };
}

const changed = (change: Partial<ObservedSlot>) =>
  slots((slot) => (slot.name === "pg_2" ? { ...slot, ...change } : slot));
const stray = (name: string): ObservedSlot => ({
  name,
  type: "logical",
  active: false,
  walStatus: "reserved",
  retainedBytes: 77,
});

describeLogicalCheck(logicalSlots, [
  {
    fault: "a slot was dropped",
    evidence: slots((slot) => (slot.name === "pg_2" ? undefined : slot)),
    on: "pg-2",
    says: /slot pg_2 is missing on pg-1/,
    remedy: up,
  },
  { fault: "WAL is lost", evidence: changed({ walStatus: "lost" }), on: "pg-2", says: /lost WAL/, remedy: up },
  {
    fault: "WAL is about to be lost",
    evidence: changed({ walStatus: "unreserved" }),
    on: "pg-2",
    says: /about to lose WAL/,
    remedy: /lags/,
  },
  {
    fault: "it is not in use",
    evidence: changed({ active: false, retainedBytes: 123 }),
    on: "pg-2",
    says: /slot pg_2 is not in use, and holds back 123 bytes/,
    remedy: /docker logs .*test-pg-2/,
  },
  { fault: "it is physical", evidence: changed({ type: "physical" }), on: "pg-2", says: /physical/, remedy: up },
  { fault: "no failover", evidence: changed({ failover: false }), on: "pg-2", says: /failover/, remedy: up },
  { fault: "no TLS", evidence: row("pg_2", { tls: false }), on: "pg-2", says: /pg_2 is not encrypted/, remedy: up },
  {
    fault: "a slot that nobody knows",
    evidence: slots((slot) => slot, stray("old")),
    on: "pg-1",
    says: /slot old belongs to no subscription of the plan.*77 bytes/,
    remedy: /pg_drop_replication_slot\('old'\)/,
  },
  {
    fault: "a slot on a subscriber",
    evidence: server("pg-3", { slots: [stray("pg_2")] }),
    on: "pg-3",
    says: /slot pg_2 belongs to no subscription/,
    remedy: /pg_drop_replication_slot\('pg_2'\)/,
  },
  {
    fault: "a slot that the copy of a table left over",
    evidence: slots((slot) => slot, stray("pg_16400_sync_16390_7000000000000000001")),
    on: "pg-1",
    says: /left over by the copy of a table/,
    remedy: /pg_drop_replication_slot/,
  },
]);

test("the slot of a copy that goes on is no left-over", () => {
  const evidence = all(
    slots((slot) => slot, stray("pg_16400_sync_16390_7000000000000000001")),
    tables((each) => (each.name === "orders" ? { ...each, state: "d" } : each)),
  );
  expect(failures(logicalSlots, { cluster, evidence })).toEqual([]);
});

describe("markers", () => {
  const found = (change: object) =>
    failures(markers, { cluster, evidence: logicalProbes({ markers: { subscribers: {}, ...change } }) });

  test("an operation that did not arrive is named, with those that did", () => {
    const seen = { seenAfter: { insert: 3, update: 4.4 }, error: "it did not arrive" };
    expect(found({ subscribers: { "pg-2": seen } })).toMatchObject([
      {
        node: "pg-2",
        detail: "delete not seen within 10000 ms: it did not arrive (insert after 3 ms, update after 4 ms)",
        remedy: expect.stringMatching(/subscriptions/),
      },
    ]);
  });

  test("rows that could not be written are one finding", () => {
    expect(found({ error: "insert: disk full" })).toMatchObject([
      { detail: "could not be written on pg-1: insert: disk full", remedy: expect.stringMatching(/docker logs/) },
    ]);
  });
});
