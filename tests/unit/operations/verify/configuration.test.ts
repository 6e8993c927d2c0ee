import {
  configurationLoaded,
  declaredFiles,
  foreignSettings,
  runtimeFile,
} from "../../../../operations/verify/configuration.ts";
import { describeCheck } from "../support/describeCheck.ts";
import { type Fault, server, volumes } from "../support/evidence.ts";

const up = /npm run up -- --stack test/;

function files(name: string, change: (hashes: Record<string, string>) => void): Fault {
  return (evidence) => {
    const fileHashes = { ...evidence.desired.nodes[name]!.fileHashes };
    change(fileHashes);
    return volumes(name, { fileHashes })(evidence);
  };
}

describeCheck(declaredFiles, [
  {
    fault: "pg_hba.conf edited on a node",
    evidence: files("pg-2", (hashes) => {
      hashes["pg_hba.conf"] = "0".repeat(64);
    }),
    on: "pg-2",
    says: /differs from what was rendered: pg_hba\.conf/,
    remedy: up,
  },
  {
    fault: "two files gone",
    evidence: files("pg-1", (hashes) => {
      delete hashes.passfile;
      delete hashes["pg_ident.conf"];
    }),
    on: "pg-1",
    says: /passfile, pg_ident\.conf/,
    remedy: up,
  },
]);

describeCheck(runtimeFile, [
  {
    fault: "the quorum switched off in the file of the primary",
    evidence: volumes("pg-1", { runtime: "synchronous_standby_names = ''\n" }),
    on: "pg-1",
    says: /differs from the plan/,
    remedy: up,
  },
]);

describeCheck(configurationLoaded, [
  {
    fault: "files changed after they were loaded",
    evidence: volumes("pg-2", { configurationChangedAt: 2000 }),
    on: "pg-2",
    says: /not loaded/,
    remedy: up,
  },
  {
    fault: "a parameter waits for a restart",
    evidence: server("pg-3", { pendingRestart: [{ name: "max_connections", running: "100", declared: "200" }] }),
    on: "pg-3",
    says: /waits for a restart: max_connections/,
    remedy: up,
  },
  {
    fault: "a line that PostgreSQL does not accept",
    evidence: server("pg-1", { fileErrors: ["postgresql.conf:7: unrecognized configuration parameter"] }),
    on: "pg-1",
    says: /postgresql\.conf:7: unrecognized/,
    remedy: /stack config/,
  },
]);

describeCheck(foreignSettings, [
  {
    fault: "ALTER SYSTEM on a node",
    evidence: server("pg-2", {
      foreignSettings: [
        { name: "work_mem", value: "65536", source: "/var/lib/postgresql/data/postgresql.auto.conf" },
        { name: "fsync", value: "off", source: "/var/lib/postgresql/data/postgresql.auto.conf" },
      ],
    }),
    on: "pg-2",
    says: /work_mem = 65536, fsync = off/,
    remedy: /ALTER SYSTEM RESET work_mem; ALTER SYSTEM RESET fsync;.*pg_reload_conf/,
  },
]);
