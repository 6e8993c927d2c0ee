import type { FoundRow, RowName, WrittenRow } from "./writtenRow.ts";

/** What was written against what is there. */
export interface RowComparison {
  /** Acknowledged and not there: lost. */
  readonly missing: readonly WrittenRow[];
  /** There more than once, whatever was said of them: each was sent once. */
  readonly repeated: readonly FoundRow[];
  /** There, although the server said that they failed. */
  readonly failedButPresent: readonly WrittenRow[];
  /** There, and never sent. */
  readonly neverSent: readonly RowName[];
  readonly indeterminatePresent: number;
  readonly indeterminateAbsent: number;
}

export function compareRows(written: readonly WrittenRow[], found: readonly FoundRow[]): RowComparison {
  const keyOf = ({ client, number }: RowName) => `${client}/${number}`;
  const present = new Set(found.map(keyOf));
  const sent = new Set(written.map(keyOf));
  const having = (outcome: WrittenRow["outcome"], there: boolean) =>
    written.filter((row) => row.outcome === outcome && present.has(keyOf(row)) === there);
  return {
    missing: having("acknowledged", false),
    repeated: found.filter(({ times }) => times > 1),
    failedButPresent: having("failed", true),
    neverSent: found.filter((row) => !sent.has(keyOf(row))),
    indeterminatePresent: having("indeterminate", true).length,
    indeterminateAbsent: having("indeterminate", false).length,
  };
}
