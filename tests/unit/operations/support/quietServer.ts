import type { ObservedServer } from "../../../../operations/observed.ts";

/** Of what is observed of a server: nothing is replicated, nothing waits, nothing is wrong. */
export const quietServer = {
  replayLsn: null,
  replayPaused: null,
  replayLagSeconds: null,
  databaseBytes: 0,
  pendingRestart: [],
  foreignSettings: [],
  fileErrors: [],
  hbaRules: [],
  replication: [],
  walReceiver: null,
  roleSettings: [],
  checksumFailures: 0,
} as const satisfies Partial<ObservedServer>;
