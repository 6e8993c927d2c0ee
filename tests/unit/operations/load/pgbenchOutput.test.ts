import { describe, expect, test } from "vitest";
import { parseComplaint, parseTransaction } from "../../../../operations/load/pgbenchOutput.ts";

describe("a line of pgbench's transaction log", () => {
  test.each([
    ["0 1 2027 0 1795211282 337454", { client: 0, turn: 1, microseconds: 2027, endedAt: 1795211282337454 }],
    ["11 20 98 0 1795211283 63 173", { client: 11, turn: 20, microseconds: 98, endedAt: 1795211283000063 }],
    ["2 3 failed 0 1795211282 337454", { client: 2, turn: 3, microseconds: undefined, endedAt: 1795211282337454 }],
  ])("%s", (line, transaction) => {
    expect(parseTransaction(line)).toEqual(transaction);
  });

  test.each([
    "pgbench (17.11 (Debian 17.11-0+deb13u1))",
    "number of clients: 3",
    "tps = 2618.372245",
    "",
    "0 1 2027 0",
  ])("is not: %s", (line) => {
    expect(parseTransaction(line)).toBeUndefined();
  });
});

describe("what pgbench says on stderr", () => {
  const shutdown = "FATAL:  terminating connection due to administrator command";
  const wait = "WARNING:  canceling wait for synchronous replication due to user request";
  const ended =
    "WARNING:  canceling the wait for synchronous replication and terminating connection due to administrator command";
  test.each([
    [`pgbench: error: client 3 script 0 aborted in command 3 query 1: ${shutdown}`, "failed", shutdown],
    [
      "pgbench: error: client 0 aborted in command 3 (SQL) of script 0; perhaps the backend died while processing",
      "failed",
      "perhaps the backend died while processing",
    ],
    [
      "pgbench: error: client 7 aborted while establishing connection",
      "failed",
      "client 7 aborted while establishing connection",
    ],
    [wait, "unconfirmed", wait],
    [ended, "other", ended],
    ["pgbench: error: could not create connection for client 0", "other", "could not create connection for client 0"],
    ["WARNING:  something else", "other", "WARNING:  something else"],
  ])("%s", (line, kind, text) => {
    expect(parseComplaint(line)).toEqual({ kind, text });
  });

  test.each([
    "",
    "DETAIL:  The transaction has already committed locally, but might not have been replicated to the standby.",
    "pgbench: error: Run was aborted; the above results are incomplete.",
  ])("tells nothing new: %s", (line) => {
    expect(parseComplaint(line)).toBeUndefined();
  });
});
