import { describe, expect, test } from "vitest";
import { outcomeOf } from "../../../../operations/witness/rowOutcome.ts";

const cancelled = { severity: "WARNING", code: "01000", routine: "SyncRepWaitForLSN" };
const terminated = { severity: "WARNING", code: "57P01", routine: "SyncRepWaitForLSN" };

describe("a row is", () => {
  test.each([
    ["acknowledged when the commit came back", undefined, [], "acknowledged"],
    [
      "acknowledged whatever else is warned of",
      undefined,
      [{ severity: "WARNING", code: "01000", routine: "X" }],
      "acknowledged",
    ],
    ["indeterminate when the wait for standbys was cancelled", undefined, [cancelled], "indeterminate"],
    [
      "indeterminate when that is said in another language",
      undefined,
      [{ ...cancelled, severity: "WARNUNG" }],
      "indeterminate",
    ],
    ["indeterminate when the wait was ended with the session", {}, [terminated], "indeterminate"],
    ["failed when the server refuses the write", { severity: "ERROR", code: "25006" }, [], "failed"],
    ["failed when its statement was cancelled", { severity: "ERROR", code: "57014" }, [], "failed"],
    ["indeterminate when the server ended the session", { severity: "FATAL", code: "57P01" }, [], "indeterminate"],
    ["indeterminate when the server crashed", { severity: "PANIC", code: "XX000" }, [], "indeterminate"],
    ["indeterminate when the connection ended", { code: "ECONNRESET" }, [], "indeterminate"],
    ["indeterminate when no answer came", {}, [], "indeterminate"],
    ["indeterminate when the server says so", { severity: "ERROR", code: "40003" }, [], "indeterminate"],
    ["indeterminate when its error is in another language", { severity: "FEHLER", code: "25006" }, [], "indeterminate"],
  ] as const)("%s", (_, error, notices, outcome) => {
    expect(outcomeOf(error, notices)).toBe(outcome);
  });
});
