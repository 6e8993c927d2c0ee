import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareRows } from "../../../../operations/witness/compareRows.ts";
import type { FoundRow } from "../../../../operations/witness/writtenRow.ts";
import { row } from "./row.ts";

const there = (client: number, number: number, times = 1): FoundRow => ({ client, number, times });

const nothingWrong = {
  missing: [],
  repeated: [],
  failedButPresent: [],
  neverSent: [],
  indeterminatePresent: 0,
  indeterminateAbsent: 0,
};

describe("rows that were written and rows that are there", () => {
  test("agree, each of its client", () => {
    const written = [
      row({ client: 0, number: 1 }),
      row({ client: 1, number: 1 }),
      row({ outcome: "failed", number: 2 }),
    ];
    expect(compareRows(written, [there(1, 1), there(0, 1)])).toEqual(nothingWrong);
  });

  test("an acknowledged row that is not there is lost", () => {
    const lost = row({ client: 1, number: 1 });
    expect(compareRows([row({ number: 1 }), lost], [there(0, 1)])).toEqual({ ...nothingWrong, missing: [lost] });
  });

  test("a row that is there twice is seen, whatever was said of it", () => {
    const written = [row({ number: 1 }), row({ number: 2, outcome: "indeterminate" })];
    expect(compareRows(written, [there(0, 1, 2), there(0, 2, 3)])).toEqual({
      ...nothingWrong,
      repeated: [there(0, 1, 2), there(0, 2, 3)],
      indeterminatePresent: 1,
    });
  });

  test("a row that failed and is there nonetheless is a lie", () => {
    const failed = row({ number: 1, outcome: "failed" });
    expect(compareRows([failed], [there(0, 1)])).toEqual({ ...nothingWrong, failedButPresent: [failed] });
  });

  test("an indeterminate row may be there or not", () => {
    const written = [1, 2, 3].map((number) => row({ number, outcome: "indeterminate" }));
    const expected = { ...nothingWrong, indeterminatePresent: 1, indeterminateAbsent: 2 };
    expect(compareRows(written, [there(0, 2)])).toEqual(expected);
  });

  test("a row that nobody sent is told", () => {
    expect(compareRows([], [there(3, 1)])).toEqual({ ...nothingWrong, neverSent: [there(3, 1)] });
  });

  test("exactly what is taken away of any number of acknowledged rows is missing", () => {
    const count = fc.integer({ min: 1, max: 200 });
    fc.assert(
      fc.property(count, fc.uniqueArray(fc.nat(199), { maxLength: 20 }), (rows, taken) => {
        const written = Array.from({ length: rows }, (_, index) => row({ client: index % 8, number: index + 1 }));
        const found = written.filter((_, index) => !taken.includes(index)).map((each) => ({ ...each, times: 1 }));
        expect(compareRows(written, found).missing).toEqual(written.filter((_, index) => taken.includes(index)));
      }),
    );
  });
});
