import { describe, expect, test } from "vitest";
import { conflictRemedy, describeConflict } from "../../../../../operations/verify/logical/conflict.ts";
import { replicationErrors } from "../../../../../operations/verify/logical/replicationErrors.ts";
import { healthy } from "../../support/evidence.ts";

/** What PostgreSQL 17 wrote, with its usual prefix. */
const prefix = "2026-11-20 22:07:46.530 UTC [65] ";
const duplicate = `ERROR:  duplicate key value violates unique constraint "users_pkey"
DETAIL:  Key (id)=(10001) already exists.
CONTEXT:  processing remote data for replication origin "pg_16441" during message type "INSERT" for replication target relation "public.users" in transaction 759, finished at 0/208B260
LOG:  subscription "pg_2" has been disabled because of an error`;
const missingColumn = `ERROR:  logical replication target relation "public.orders" is missing replicated column: "amount"
CONTEXT:  processing remote data for replication origin "pg_16441" during message type "INSERT" in transaction 760, finished at 0/208B368`;
const missingTable = `ERROR:  logical replication target relation "public.t3" does not exist
CONTEXT:  processing remote data for replication origin "pg_16441" during message type "INSERT" in transaction 763, finished at 0/208FF90`;
const copy = `ERROR:  duplicate key value violates unique constraint "t3_pkey"
DETAIL:  Key (id)=(1) already exists.
CONTEXT:  COPY t3, line 1`;
const denied = `ERROR:  could not start initial contents copy for table "public.users": ERROR:  permission denied for table users`;
const missingPublication = `ERROR:  could not receive data from WAL stream: ERROR:  publication "users_pub" does not exist
\tCONTEXT:  slot "pg_2", output plugin "pgoutput", in the change callback, associated LSN 0/2090548`;
const session = `[91] postgres@app/psql ERROR:  duplicate key value violates unique constraint "users_pkey"
[91] postgres@app/psql DETAIL:  Key (id)=(1) already exists.
[91] postgres@app/psql STATEMENT:  insert into users values (1)`;

const prefixed = (log: string, before = prefix) => log.replace(/^(?!\t|\[91\])/gm, before);

describe("the errors of the workers in a server's log", () => {
  test.each([
    [
      "a duplicate key",
      duplicate,
      {
        message: 'duplicate key value violates unique constraint "users_pkey"',
        detail: "Key (id)=(10001) already exists.",
        table: "public.users",
        operation: "INSERT",
        transaction: "759",
        finishedAt: "0/208B260",
      },
    ],
    ["a missing column", missingColumn, { table: "public.orders", operation: "INSERT", finishedAt: "0/208B368" }],
    ["a missing table", missingTable, { table: "public.t3", transaction: "763" }],
    ["a row in the way of a copy", copy, { table: "t3", detail: "Key (id)=(1) already exists." }],
    ["a table that may not be read", denied, { table: "public.users", message: expect.stringMatching(/permission/) }],
    [
      "a missing publication",
      missingPublication,
      { message: 'could not receive data from WAL stream: ERROR:  publication "users_pub" does not exist' },
    ],
  ])("%s", (_, log, expected) => {
    expect(replicationErrors(prefixed(log))).toEqual([expect.objectContaining(expected)]);
    // log_line_prefix is the user's.
    expect(replicationErrors(log)).toEqual(replicationErrors(prefixed(log)));
    expect(replicationErrors(prefixed(log, "<pg-2 65> "))).toEqual(replicationErrors(prefixed(log)));
  });

  test("come in the order of the log, without those of sessions", () => {
    const log = [session, duplicate, session, missingColumn].map((each) => prefixed(each)).join("\n");
    expect(replicationErrors(log).map(({ table }) => table)).toEqual(["public.users", "public.orders"]);
    expect(replicationErrors("")).toEqual([]);
  });
});

describe("what to do about it", () => {
  const subscription = healthy({ mode: "logical" }).desired.plan.logical!.subscriptions[0]!;
  const remedyOf = (log: string) => conflictRemedy(replicationErrors(log).at(-1)!, subscription, "run up");

  test("a duplicate key: the row, or the transaction and its cost", () => {
    expect(remedyOf(duplicate)).toBe(
      "on pg-2, take the row out of the way: DELETE FROM public.users WHERE id = '10001'; or change its key; " +
        "or give up this subscriber's share of the whole transaction, which row-parity will then miss: " +
        "ALTER SUBSCRIPTION pg_2 SKIP (lsn = '0/208B260'); then run up",
    );
  });

  test.each([
    ["Key (a, b)=(1, x) already exists.", "a = '1' AND b = 'x'"],
    ["Key (lower(email))=(o'neil@x) already exists.", "lower(email) = 'o''neil@x'"],
    ["Key (name)=(a, b) already exists.", "name = 'a, b'"],
  ])("%s", (detail, condition) => {
    const remedy = conflictRemedy({ message: "duplicate key", detail, table: "public.t" }, subscription, "run up");
    expect(remedy).toContain(`DELETE FROM public.t WHERE ${condition};`);
  });

  test("a key whose values can't be told apart gives no statement that might hit another row", () => {
    const detail = "Key (a, b)=(1, x, y) already exists.";
    const error = { message: "duplicate key value violates", detail, table: "public.t" };
    expect(conflictRemedy(error, subscription, "run up")).not.toContain("DELETE");
  });

  test("a table that does not fit is made to fit", () => {
    expect(remedyOf(missingColumn)).toMatch(/make public\.orders on pg-2 fit.*SKIP \(lsn = '0\/208B368'\).*run up$/);
    expect(remedyOf(missingPublication)).toBe("remove the reason; then run up");
  });

  test("it is said in PostgreSQL's words, the table once", () => {
    expect(describeConflict(replicationErrors(missingColumn)[0]!)).toBe(
      'logical replication target relation "public.orders" is missing replicated column: "amount" (INSERT of transaction 760 that ended at 0/208B368)',
    );
  });
});
