import { libraries } from "../catalogue/catalogue.ts";
import { clientEncoding, locale, noLibrary, preload, timeZone, words } from "./textRules.ts";

/** What is wrong with a value that `pg_settings` alone would let pass. */
export interface RuleFault {
  readonly problem: string;
  readonly allowed: string;
  readonly remedy?: string;
}

/** Undefined where the value is fine. `number` is the value in base units, for numeric parameters. */
export type ParameterRule = (text: string, number: number) => RuleFault | undefined;

/** A rule that holds where `fine` is true. */
function rule(fine: (text: string, number: number) => boolean, problem: string, allowed: string): ParameterRule {
  return (text, number) => (fine(text, number) ? undefined : { problem, allowed });
}

/** PostgreSQL's check_slru_buffers(). */
const multipleOf16 = rule(
  (_, blocks) => blocks % 16 === 0,
  "is no multiple of 16 blocks",
  "multiples of 128kB (16 blocks)",
);

const twoSegments = rule(
  (_, MB) => MB >= 32,
  "is less than two WAL segments: the server would not start",
  "32MB or more",
);

/** Rules for single parameters, on top of the catalogue: what PostgreSQL's own check functions refuse, and what the cluster's promises need. */
export const parameterRules: Readonly<Record<string, ParameterRule>> = {
  DateStyle: words("DateStyle", [
    "ISO",
    "SQL",
    "Postgres",
    "German",
    "DMY",
    "MDY",
    "YMD",
    "Euro",
    "European",
    "US",
    "NonEuro",
  ]),
  TimeZone: timeZone,
  client_encoding: clientEncoding,
  commit_timestamp_buffers: multipleOf16,
  createrole_self_grant: words("option", ["set", "inherit"]),
  debug_io_direct: words("kind of file", ["data", "wal", "wal_init"]),
  lc_messages: locale,
  lc_monetary: locale,
  lc_numeric: locale,
  lc_time: locale,
  local_preload_libraries: noLibrary,
  log_timezone: timeZone,
  max_slot_wal_keep_size: rule(
    (_, MB) => MB >= 64,
    "-1 would let a dead standby fill the primary's disk, and next to nothing would lose its slot at once",
    "64MB or more: how much WAL the primary keeps for a standby that is away",
  ),
  // The container's stack has 8 MB, of which PostgreSQL keeps 512 kB in reserve.
  max_stack_depth: rule((_, kB) => kB <= 7680, "is more than the container's stack", "100kB to 7680kB"),
  max_wal_size: twoSegments,
  min_wal_size: twoSegments,
  multixact_member_buffers: multipleOf16,
  multixact_offset_buffers: multipleOf16,
  notify_buffers: multipleOf16,
  restrict_nonsystem_relation_kind: words("kind of relation", ["view", "foreign-table"]),
  serializable_buffers: multipleOf16,
  session_preload_libraries: preload(libraries),
  shared_preload_libraries: preload(libraries),
  ssl_max_protocol_version: rule((text) => text === "" || text === "TLSv1.3", "shuts out TLSv1.3", "TLSv1.3"),
  ssl_min_protocol_version: rule((text) => /^TLSv1\.[23]$/.test(text), "is broken cryptography", "TLSv1.2, TLSv1.3"),
  subtransaction_buffers: multipleOf16,
  timezone_abbreviations: words("file of abbreviations", ["Default", "Australia", "India"], "one"),
  transaction_buffers: multipleOf16,
  vacuum_buffer_usage_limit: rule((_, kB) => kB === 0 || kB >= 128, "is out of range", "0, or 128kB to 16GB"),
  wal_consistency_checking: words("resource manager", [
    ...["all", "heap2", "heap", "btree", "hash", "gin", "gist"],
    ...["sequence", "spgist", "brin", "generic"],
  ]),
};
