import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseNodeState } from "../../../operations/observe.ts";

const standby = readFileSync(join(import.meta.dirname, "fixtures", "nodeState.standby.txt"), "utf8");
const without = (...keys: string[]) =>
  standby
    .split("\n")
    .filter((line) => !keys.some((key) => line.startsWith(key)))
    .join("\n");

describe("what node-state prints", () => {
  test("on a standby", () => {
    const { fileHashes, runtime, ...volumes } = parseNodeState(standby);
    expect(volumes).toEqual({
      release: "b39cb408cec5d84f",
      configurationChangedAt: expect.closeTo(1795203114.938879, 5),
      directories: ["data"],
      freeBytes: 69755645952,
      data: {
        systemIdentifier: "7710335272720605237",
        timeline: 1,
        state: "in archive recovery",
        checksums: true,
        standbySignal: true,
        checkpointLsn: "0/5098208",
      },
      baseBackup: { takenAt: "2026-11-20T19:18:47Z", bytes: 47712071 },
    });
    expect(Object.keys(fileHashes)).toEqual([
      "passfile",
      "pg_hba.conf",
      "pg_ident.conf",
      "postgresql.conf",
      "tls/ca.crt",
      "tls/server.crt",
      "tls/server.key",
    ]);
    expect(fileHashes["pg_hba.conf"]).toMatch(/^[0-9a-f]{64}$/);
    expect(runtime).toContain("primary_conninfo = 'host=pg-1");
  });

  test("on a primary: no standby.signal, no base backup", () => {
    const { data, baseBackup } = parseNodeState(without("standby.signal", "base-backup"));
    expect(data?.standbySignal).toBe(false);
    expect(baseBackup).toBeUndefined();
  });

  test("on fresh volumes", () => {
    expect(parseNodeState("free\t1000\n")).toEqual({
      fileHashes: {},
      directories: [],
      configurationChangedAt: 0,
      freeBytes: 1000,
    });
  });

  test("with a data directory that has no pg_control: it is listed, and is no data", () => {
    const volumes = parseNodeState(without("control:", "standby.signal"));
    expect(volumes.data).toBeUndefined();
    expect(volumes.directories).toEqual(["data"]);
  });

  test("of leftovers, a fence and a hold", () => {
    const text = "fence\tlost a failover \nhold\tbeing cloned\ndirectory\tclone\ndirectory\tinitdb\nfree\t1\n";
    expect(parseNodeState(text)).toMatchObject({
      fence: "lost a failover ",
      hold: "being cloned",
      directories: ["clone", "initdb"],
    });
  });

  test("of a cluster without checksums", () => {
    const text = standby.replace("Data page checksum version\t1", "Data page checksum version\t0");
    expect(parseNodeState(text).data?.checksums).toBe(false);
  });

  test.each(["2026-11-20T18:59:53Z", ""])("of a note %j that was cut off: no base backup", (note) => {
    expect(parseNodeState(`base-backup\t${note}\nfree\t1\n`).baseBackup).toBeUndefined();
  });
});
