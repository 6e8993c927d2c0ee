import type { DrillResult } from "../../../../operations/drill/drill.ts";
import { accountFor, type WitnessHistory } from "../../../../operations/witness/witnessAccount.ts";
import type { FoundRow, WrittenRow } from "../../../../operations/witness/writtenRow.ts";
import { row } from "../witness/row.ts";

/** Ten rows a second for ten seconds, but for the time from 4 s to 6 s, all of them there. */
export const writtenRows: readonly WrittenRow[] = Array.from({ length: 100 }, (_, index) =>
  row({ number: index + 1, sentAt: index * 100, endedAt: index * 100 + 5 }),
).filter(({ sentAt }) => sentAt < 4000 || sentAt >= 6000);

export const presentRows: readonly FoundRow[] = writtenRows.map(({ client, number }) => ({ client, number, times: 1 }));

export function drillResult(
  found: readonly FoundRow[] = presentRows,
  history: Partial<WitnessHistory> = {},
  result: Partial<DrillResult> = {},
): DrillResult {
  const lag = [0, 1000, 2000, 4500, 7000, 8000].map((at) => ({ at, nodes: nodes(at) }));
  const account = accountFor(
    {
      clients: 1,
      end: 10_000,
      written: writtenRows,
      probes: {},
      lag,
      marks: [
        { at: 4000, text: "pg-1 is killed" },
        { at: 4200, text: "pg-1 is started <again>" },
      ],
      errors: [{ text: "pg-1: Connection terminated unexpectedly", count: 8 }],
      ...history,
    },
    found,
    "pg-1",
  );
  const times = { faultAt: 4000, recoveryAt: 4200, wholeAt: 6100 };
  const drill = { scenario: "kill", clients: 1, seconds: 10, primary: "pg-1", victims: ["pg-1"] } as const;
  const about = { stack: "quorum", mode: "quorum", startedAt: "2026-01-02T03:04:05.678Z" };
  return { ...about, ...drill, ...times, ok: account.ok, account, ...result };
}

function nodes(at: number) {
  const known = at < 4000 || at > 6000;
  const standby = {
    role: "standby",
    state: known ? "streaming" : "not streaming",
    flushLagBytes: known ? 10 : null,
    replayLagBytes: known ? at : null,
    flushLagMilliseconds: known ? 1.5 : null,
    replayLagMilliseconds: known ? 0 : null,
  } as const;
  const nothing = {
    flushLagBytes: null,
    replayLagBytes: null,
    flushLagMilliseconds: null,
    replayLagMilliseconds: null,
  };
  const primary = known
    ? ({ role: "primary", state: "running" } as const)
    : ({ role: "unknown", state: "stopped" } as const);
  return [
    { node: "pg-1", ...primary, ...nothing },
    { node: "pg-2", ...standby },
    { node: "pg-3", ...standby },
  ];
}
