import type { ObservedReplication, ObservedSlot } from "../../../../operations/observed.ts";

/** What a sender has of a receiver that has got everything: its row in pg_stat_replication. */
export function streamingRow(
  receiver: Pick<ObservedReplication, "applicationName" | "role" | "syncState" | "slot" | "replayLagSeconds">,
): ObservedReplication {
  return {
    ...receiver,
    state: "streaming",
    tls: true,
    tlsVersion: "TLSv1.3",
    writeLagBytes: 0,
    flushLagBytes: 0,
    replayLagBytes: 0,
    flushLsn: "0/3000100",
  };
}

/** And its slot. */
export function streamingSlot(name: string, type: ObservedSlot["type"]): ObservedSlot {
  return { name, type, active: true, walStatus: "reserved", retainedBytes: 0 };
}
