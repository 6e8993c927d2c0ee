import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { lockedMessage } from "../../../toolchain/state/recover.ts";
import {
  isStale,
  type Machine,
  readStackLocks,
  type StackLock,
  thisMachine,
} from "../../../toolchain/state/stackLock.ts";

const takenAt = Date.parse("2026-01-01T12:00:00Z");
const lock: StackLock = { file: "/f", pid: 42, username: "ann", hostname: "here", takenAt };
const machine = (start: number | undefined): Machine => ({ hostname: "here", startOf: () => start });

describe("a lock is stale", () => {
  test.each([
    ["its process is gone", machine(undefined), true],
    ["its process runs since before the lock", machine(takenAt - 5000), false],
    ["its process started at the same time, to the precision of the kernel's clock", machine(takenAt + 1000), false],
    ["its process id was given to a later process", machine(takenAt + 60_000), true],
    ["it is another machine's", { hostname: "elsewhere", startOf: () => undefined }, false],
  ])("when %s", (_case, here, expected) => {
    expect(isStale(lock, here)).toBe(expected);
  });
});

test("this machine knows when a process started, and that an ended one that nobody waits for is gone", async () => {
  expect(Math.abs((thisMachine.startOf(process.pid) ?? 0) - (Date.now() - process.uptime() * 1000))).toBeLessThan(2000);
  const child = spawn("sleep", ["60"]);
  await once(child, "spawn");
  expect(thisMachine.startOf(child.pid ?? 0)).toBeDefined();
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(thisMachine.startOf(child.pid ?? 0)).toBeUndefined();
});

describe("the locks of a file backend", () => {
  test("are read per stack", () => {
    const folder = mkdtempSync(join(tmpdir(), "stack-lock-"));
    const locks = join(folder, ".pulumi/locks/organization/p/quorum");
    mkdirSync(locks, { recursive: true });
    writeFileSync(join(folder, "Pulumi.yaml"), "name: p\n");
    const content = { pid: 42, username: "ann", hostname: "here", timestamp: "2026-01-01T12:00:00Z" };
    writeFileSync(join(locks, "id.json"), JSON.stringify(content));
    const backend = { url: `file://${folder}`, chosenBy: "default", folder } as const;
    expect(readStackLocks(backend, folder, "quorum")).toEqual([{ ...lock, file: join(locks, "id.json") }]);
    expect(readStackLocks(backend, folder, "async")).toEqual([]);
    rmSync(folder, { recursive: true });
  });
});

test("a live lock says who holds it and what to do", () => {
  expect(lockedMessage("quorum", lock)).toBe(
    [
      "Stack quorum is being changed by process 42 of ann@here, since 2026-01-01T12:00:00.000Z.",
      "Wait for it, or stop it there: kill -INT 42. If here is gone for good: pulumi cancel --stack quorum",
    ].join("\n"),
  );
});
