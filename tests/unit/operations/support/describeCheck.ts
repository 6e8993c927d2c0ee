import { describe, expect, test } from "vitest";
import type { Check } from "../../../../operations/verify/check.ts";
import { type FaultRow, failures, healthy } from "./evidence.ts";

/** A check passes on healthy clusters of either mode, and says of each fault what and where it is, and what to do. */
export function describeCheck(check: Check, rows: readonly FaultRow[]): void {
  describe(check.id, () => {
    test("passes on a healthy cluster", () => {
      expect(check.examine(healthy()).length).toBeGreaterThan(0);
      for (const mode of ["quorum", "async"] as const) {
        const failed = check.examine(healthy({ mode })).filter(({ ok }) => !ok);
        expect(failed, mode).toEqual([]);
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
