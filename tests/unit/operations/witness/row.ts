import type { WrittenRow } from "../../../../operations/witness/writtenRow.ts";

/** An acknowledged row on the first timeline of pg-1, unless said otherwise. */
export function row(given: Partial<WrittenRow> = {}): WrittenRow {
  return {
    client: 0,
    number: 1,
    outcome: "acknowledged",
    sentAt: 0,
    endedAt: 1,
    node: "pg-1",
    timeline: 1,
    ...given,
  };
}
