import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

type Signal = "SIGINT" | "SIGTERM";

/** Runs the fixture as the bootstrap does, in a process group of its own, and sends it a signal once its child is ready. */
async function interrupted(
  send: (pid: number, tell: () => void) => void,
  signal: Signal,
  [fixture, ...args]: readonly string[] = ["inCharge.ts"],
) {
  const main = spawn(process.execPath, [join(import.meta.dirname, "fixtures", fixture!), ...args], {
    stdio: ["ignore", "pipe", "inherit", "ipc"],
    detached: true,
  });
  let output = "";
  main.stdout?.setEncoding("utf8").on("data", (text: string) => {
    output += text;
    if (text.includes("ready")) send(main.pid ?? 0, () => main.send({ signal }));
  });
  const [exitCode] = await once(main, "close");
  return { exitCode, output };
}

const toGroup = (signal: Signal) => (pid: number) => process.kill(-pid, signal);
const cases: [string, Signal, ((pid: number, tell: () => void) => void)[], number][] = [
  ["the whole group, as by Ctrl-C", "SIGINT", [toGroup("SIGINT"), tellOnce], 130],
  ["the whole group, and npm passes it on once more", "SIGINT", [toGroup("SIGINT"), tellOnce, tellOnce], 130],
  ["the bootstrap alone", "SIGINT", [tellOnce], 130],
  ["commands/main.ts alone", "SIGTERM", [(pid) => process.kill(pid, "SIGTERM")], 143],
  ["the whole group, by `timeout`", "SIGTERM", [toGroup("SIGTERM"), tellOnce], 143],
];

function tellOnce(_pid: number, tell: () => void): void {
  tell();
}

describe("the child in charge gets a signal exactly once, and the exit code tells of it", () => {
  test.concurrent.each(cases)("sent to %s (%s)", async (_case, signal, sends, exitCode) => {
    const send = (pid: number, tell: () => void) => {
      for (const each of sends) each(pid, tell);
    };
    expect(await interrupted(send, signal)).toEqual({ exitCode, output: "ready\nsignals 1\n" });
  });
});

describe("work of this process is interrupted once, and ends in its own time", () => {
  test.concurrent.each(cases)("sent to %s (%s)", async (_case, signal, sends, exitCode) => {
    const send = (pid: number, tell: () => void) => {
      for (const each of sends) each(pid, tell);
    };
    expect(await interrupted(send, signal, ["interruptibly.ts"])).toEqual({
      exitCode,
      output: `ready\ninterrupted ${exitCode}\ndone\n`,
    });
  });

  test.concurrent("unless it is interrupted again, later than copies of one signal can arrive", async () => {
    const twice = (pid: number) => {
      process.kill(pid, "SIGINT");
      setTimeout(() => process.kill(pid, "SIGINT"), 1_500);
    };
    expect(await interrupted(twice, "SIGINT", ["interruptibly.ts", "stubborn"])).toEqual({
      exitCode: 130,
      output: "ready\ninterrupted 130\n",
    });
  });
});
