import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { findParameter } from "../../../configs/catalogue/catalogue.ts";
import { reasonFixed } from "../../../configs/validation/fixedParameters.ts";
import { candidates } from "./parameterVerdicts/candidates.ts";
import { asyncConfig, faultsOf } from "./specs.ts";

/** What a real PostgreSQL 17 said to every candidate; parameterVerdicts/record.ts recorded it. */
const verdicts: Record<string, { accepted: string[]; refused: string[] }> = JSON.parse(
  readFileSync(new URL("parameterVerdicts/postgresql17.json", import.meta.url), "utf8"),
);

/** Where the cluster refuses what PostgreSQL takes: for its promises, or since the node would not start or serve a session. */
const stricter = new Set([
  "local_preload_libraries",
  "max_replication_slots",
  "max_slot_wal_keep_size",
  "max_wal_senders",
  "max_wal_size",
  "min_wal_size",
  "session_preload_libraries",
  "shared_preload_libraries",
  "ssl_max_protocol_version",
  "ssl_min_protocol_version",
  // "" stands for the server's environment there, which says C.
  "lc_monetary",
  "lc_numeric",
  "lc_time",
]);

/** Values that start no node of the default memory, or too few processes for one: PostgreSQL judges them at its start only. */
const startOnly = new Set([
  "max_connections",
  "max_locks_per_transaction",
  "max_prepared_transactions",
  "min_dynamic_shared_memory",
  "reserved_connections",
  "shared_buffers",
  "superuser_reserved_connections",
  "wal_buffers",
]);

/** Where PostgreSQL knows more than its catalogue: what is in a database, and what ALTER SYSTEM (which recorded) may not do but a file may. */
const looser = new Set([
  "allow_alter_system",
  "default_table_access_method",
  "default_tablespace",
  "default_text_search_config",
]);

const refusedByUs = (name: string, value: string) => faultsOf(asyncConfig({ parameters: { [name]: value } })) !== "";

test("the recorded verdicts are those of today's candidates", () => {
  const recorded = Object.entries(verdicts).flatMap(([name, { accepted, refused }]) =>
    [...accepted, ...refused].map((value) => `${name}=${value}`),
  );
  expect(recorded.sort()).toEqual(
    candidates()
      .map(([name, value]) => `${name}=${value}`)
      .sort(),
  );
});

describe("validation agrees with PostgreSQL 17", () => {
  const names = Object.keys(verdicts).filter((name) => reasonFixed(name) === undefined);

  test.each(names.filter((name) => !looser.has(name)))("%s: what it refuses, we refuse", (name) => {
    expect(verdicts[name]?.refused.filter((value) => !refusedByUs(name, value))).toEqual([]);
  });

  test.each(names.filter((name) => !stricter.has(name) && !startOnly.has(name)))(
    "%s: what it takes, we take",
    (name) => {
      expect(verdicts[name]?.accepted.filter((value) => refusedByUs(name, value))).toEqual([]);
    },
  );

  test("every exception is still one", () => {
    const needless = [...stricter, ...startOnly].filter(
      (name) => !verdicts[name]?.accepted.some((value) => refusedByUs(name, value)),
    );
    expect(needless).toEqual([]);
  });
});

test("a fact that PostgreSQL reports is no setting", () => {
  expect(findParameter("block_size")?.context).toBe("internal");
  expect(faultsOf(asyncConfig({ parameters: { block_size: 8192 } }))).toMatch(/a fact that PostgreSQL reports/);
});
