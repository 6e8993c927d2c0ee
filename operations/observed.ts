import type { ContainerState } from "./docker.ts";
import type { ObservedLogical } from "./logical/observedLogical.ts";

/** What is really there, looked at once. Plain data: the reconciler and the checks decide on it without asking again. */
export interface ObservedCluster {
  readonly nodes: readonly ObservedNode[];
  /** Nodes of this stack that the plan no longer has. Pulumi removes their containers after the hook. */
  readonly leavers?: readonly ObservedLeaver[];
}

export interface ObservedLeaver {
  readonly name: string;
  /** Name of its container. */
  readonly container: string;
  readonly running: boolean;
}

export interface ObservedNode {
  readonly name: string;
  readonly container: ContainerState;
  /** Image id the container was made from. */
  readonly imageId?: string;
  /** Published `address:port` of 5432. */
  readonly published?: string;
  /** What its volumes hold; not known of a container that is gone. */
  readonly volumes?: ObservedVolumes;
  /** Set while the server accepts connections. */
  readonly server?: ObservedServer;
  /** Why `server` is missing although the container runs. */
  readonly serverError?: string;
}

export interface ObservedVolumes {
  /** Release that `current` points to, see releaseOf. */
  readonly release?: string;
  /** SHA-256 by path of the files in `current`. */
  readonly fileHashes: Readonly<Record<string, string>>;
  /** When the youngest of the declared files and the runtime file was changed on the node: seconds since the epoch. */
  readonly configurationChangedAt: number;
  /** Text of the runtime file. */
  readonly runtime?: string;
  /** The reason in the fence file. */
  readonly fence?: string;
  /** The reason in the hold file: a clone that was begun and not finished. */
  readonly hold?: string;
  /** Directories beside the data directory: interrupted clones, data kept aside. */
  readonly directories: readonly string[];
  /** Set when the data directory is complete. */
  readonly data?: ObservedData;
  /** The verified base backup that the data was made from. */
  readonly baseBackup?: { readonly takenAt: string; readonly bytes: number };
  /** When the data was made by initdb, and not from a base backup. ISO 8601. */
  readonly initialisedAt?: string;
  /** Bytes free on the data volume. */
  readonly freeBytes: number;
}

/** From pg_control, so known also when the server is down. */
export interface ObservedData {
  readonly systemIdentifier: string;
  readonly timeline: number;
  /** pg_controldata's "Database cluster state". */
  readonly state: string;
  readonly checksums: boolean;
  /** A standby.signal is there: the server starts as a standby. */
  readonly standbySignal: boolean;
  readonly checkpointLsn: string;
}

export interface ObservedServer {
  readonly inRecovery: boolean;
  readonly systemIdentifier: string;
  readonly timeline: number;
  /** Primary: flushed; standby: received and flushed. */
  readonly flushLsn: string;
  /** Standby only. */
  readonly replayLsn: string | null;
  readonly replayPaused: boolean | null;
  /** Standby: seconds since the last replayed commit, 0 when everything received is replayed. */
  readonly replayLagSeconds: number | null;
  readonly databaseBytes: number;
  /** When the server last read its configuration files: seconds since the epoch. */
  readonly configurationLoadedAt: number;
  readonly settings: Readonly<Record<string, string>>;
  /** Parameters that wait for a restart, with the values in force and in the file, both as the server prints them in its base unit. */
  readonly pendingRestart: readonly {
    readonly name: string;
    readonly running: string;
    readonly declared: string | null;
  }[];
  /** Parameters whose value in force comes from somewhere else than the declared or runtime file. */
  readonly foreignSettings: readonly { readonly name: string; readonly value: string; readonly source: string }[];
  readonly fileErrors: readonly string[];
  readonly hbaRules: readonly ObservedHbaRule[];
  readonly slots: readonly ObservedSlot[];
  readonly replication: readonly ObservedReplication[];
  readonly walReceiver: ObservedWalReceiver | null;
  readonly roles: readonly ObservedRole[];
  readonly roleSettings: readonly {
    readonly role: string | null;
    readonly database: string | null;
    readonly settings: readonly string[];
  }[];
  readonly databases: readonly { readonly name: string; readonly owner: string }[];
  readonly checksumFailures: number;
  /** Mode logical only, once the application's database is there. */
  readonly logical?: ObservedLogical;
}

export interface ObservedHbaRule {
  readonly line: number;
  readonly type: string;
  readonly method: string;
  readonly error: string | null;
}

export interface ObservedSlot {
  readonly name: string;
  readonly type: "physical" | "logical";
  readonly active: boolean;
  readonly walStatus: string | null;
  /** Logical: it is kept on standbys as well, so that a subscription survives a failover. */
  readonly failover?: boolean;
  /** Bytes of WAL that the slot holds back. */
  readonly retainedBytes: number | null;
}

/** A row of pg_stat_replication with its connection's TLS and slot. Lags are in bytes behind the primary's flushed WAL. */
export interface ObservedReplication {
  readonly applicationName: string;
  readonly role: string;
  readonly state: string;
  readonly syncState: string;
  readonly slot: string | null;
  readonly tls: boolean;
  readonly tlsVersion: string | null;
  readonly writeLagBytes: number | null;
  readonly flushLagBytes: number | null;
  readonly replayLagBytes: number | null;
  readonly flushLsn: string | null;
  readonly replayLagSeconds: number | null;
}

export interface ObservedWalReceiver {
  readonly status: string;
  readonly slot: string | null;
  readonly senderHost: string | null;
  readonly timeline: number | null;
}

export interface ObservedRole {
  readonly name: string;
  readonly superuser: boolean;
  readonly login: boolean;
  readonly replication: boolean;
  /** SCRAM verifier, or another stored form; null without a password. */
  readonly password: string | null;
}
