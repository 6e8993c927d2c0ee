import { describe, expect, test } from "vitest";
import type { Check } from "../../../../operations/verify/check.ts";
import { checksFor } from "../../../../operations/verify/checks.ts";
import { type FaultRow, failures, healthy } from "./evidence.ts";

/** A check passes on healthy clusters of all modes that it is for, and says of each fault what and where it is, and what to do. */
export function describeCheck(check: Check, rows: readonly FaultRow[]): void {
  describe(check.id, () => {
    test("passes on a healthy cluster", () => {
      const modes = (["quorum", "async", "logical"] as const).filter((mode) => checksFor(mode).includes(check));
      expect(modes).not.toEqual([]);
      for (const mode of modes) {
        const findings = check.examine(healthy({ mode }));
        expect(findings.length, mode).toBeGreaterThan(0);
        expect(
          findings.filter(({ ok }) => !ok),
          mode,
        ).toEqual([]);
      }
    });

    test.each(rows)("$fault", ({ on, says, remedy, ...row }) => {
      expect(failures(check, row)).toEqual([
        {
          ...(on !== undefined && { node: on }),
          ok: false,
          detail: expect.stringMatching(says),
          remedy: expect.stringMatching(remedy),
        },
      ]);
    });
  });
}

/** `describeCheck` for a check of mode logical: each fault is one of a publisher and two subscribers. */
export function describeLogicalCheck(check: Check, rows: readonly FaultRow[]): void {
  describeCheck(
    check,
    rows.map((row) => ({ cluster: { mode: "logical" }, ...row })),
  );
}
