import { describe, expect, test } from "vitest";
import { bypassedQuorum, canary } from "../../../../operations/verify/durability.ts";
import { describeCheck } from "../support/describeCheck.ts";
import { type Fault, failures, healthy, marker, server } from "../support/evidence.ts";

describeCheck(canary, [
  {
    fault: "a commit came back before any standby had it",
    evidence: marker({ flushedBy: [] }),
    says: /after 0 of 1 standbys had flushed it \(none\)/,
    remedy: /synchronous_standby_names and synchronous_commit on pg-1/,
  },
  {
    fault: "one standby where two are promised",
    cluster: { nodes: ["pg-1", "pg-2", "pg-3", "pg-4"], number: 2 },
    evidence: marker({ flushedBy: ["pg-4"] }),
    says: /after 1 of 2 standbys had flushed it \(pg-4\)/,
    remedy: /synchronous_standby_names/,
  },
  {
    fault: "flushed by a backup tool, which is no standby",
    evidence: marker({ flushedBy: ["pg_receivewal"] }),
    says: /after 0 of 1 standbys/,
    remedy: /synchronous_standby_names/,
  },
  {
    fault: "the wait for the standbys was cut off",
    evidence: marker({ warning: "canceling wait for synchronous replication due to user request" }),
    says: /not confirmed within 10000 ms: canceling wait/,
    remedy: /streaming/,
  },
]);

test("quorum-commit has nothing to judge where the marker row could not be written, and in async mode", () => {
  expect(canary.examine(marker({ error: "disk full" })(healthy()))).toEqual([]);
  expect(canary.examine(healthy({ mode: "async" }))).toEqual([]);
});

/** A row of pg_db_role_setting, as operations/observeServer.ts reads it: role `-` is none. */
function setting(role: string, database: string | null, ...settings: string[]): Fault {
  return server("pg-1", { roleSettings: [{ role, database, settings }] });
}

describeCheck(bypassedQuorum, [
  {
    fault: "for a role",
    evidence: setting("app", null, "work_mem=64MB", "synchronous_commit=off"),
    says: /ROLE app has synchronous_commit=off/,
    remedy: /^ALTER ROLE app RESET synchronous_commit;$/,
  },
  {
    fault: "for a database",
    evidence: setting("-", "app", "synchronous_commit=local"),
    says: /DATABASE app/,
    remedy: /^ALTER DATABASE app RESET synchronous_commit;$/,
  },
  {
    fault: "for a role in a database",
    evidence: setting("app", "app", "synchronous_commit=off"),
    says: /ROLE app IN DATABASE app/,
    remedy: /^ALTER ROLE app IN DATABASE app RESET synchronous_commit;$/,
  },
  {
    fault: "for all roles",
    evidence: setting("-", null, "synchronous_commit=off"),
    says: /ROLE ALL/,
    remedy: /^ALTER ROLE ALL RESET synchronous_commit;$/,
  },
]);

describe("synchronous_commit of a role", () => {
  const found = (value: string) =>
    failures(bypassedQuorum, { evidence: setting("app", null, `synchronous_commit=${value}`) }).length;

  // remote_write comes back when a standby has the commit in its operating system's memory: not flushed, which is the promise.
  test.each(["off", "local", "remote_write", "false", "no", "0", "OFF"])("%s breaks the promise", (value) => {
    expect(found(value)).toBe(1);
  });

  test.each(["on", "remote_apply", "true", "yes", "1"])("%s keeps it", (value) => {
    expect(found(value)).toBe(0);
  });
});
