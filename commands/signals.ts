import type { ChildProcess } from "node:child_process";
import { constants } from "node:os";

type Signal = "SIGINT" | "SIGTERM" | "SIGHUP";
const signals: readonly Signal[] = ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * Copies of one signal that reach this process and the bootstrap by different ways arrive within this time, in milliseconds, also
 * on a machine that is busy. A signal that has to be passed on waits that long.
 */
const settleTime = 1000;

/** The child in charge (Pulumi, vitest): it decides what a signal means, and this process ends after it. */
let child: ChildProcess | undefined;
let received: Signal | undefined;
/** This process's own work in charge: it is told of the first signal, and ends in its own time. */
let interruption: AbortController | undefined;

/**
 * From now on a signal goes to the child in charge, exactly once, or interrupts the work in charge, or ends this process with
 * 128 + its number when there is neither. Exactly once, because Pulumi takes a second one as "terminate at once".
 *
 * A signal to the whole process group (Ctrl-C, `timeout`) has reached the child already; one to the bootstrap alone (`kill`, npm)
 * has not. Which of them it was is seen from who heard it: this process and the bootstrap both, or one of them.
 */
export function listenToSignals(): void {
  for (const signal of signals) {
    let heard: Set<"here" | "bootstrap"> | undefined;
    const settle = () => {
      const toGroup = heard?.has("here") && (process.connected ? heard.has("bootstrap") : process.stdin.isTTY === true);
      heard = undefined;
      if (!toGroup) child?.kill(signal);
    };
    const note = (by: "here" | "bootstrap") => {
      received ??= signal;
      const second = heard === undefined && interruption?.signal.aborted === true;
      if (child === undefined && (interruption === undefined || second)) process.exit(signalExitCode(signal));
      interruption?.abort(signalExitCode(signal));
      if (heard === undefined) setTimeout(settle, settleTime).unref();
      heard = (heard ?? new Set()).add(by);
    };
    process.on(signal, () => note("here"));
    process.on("message", (message: { signal?: Signal }) => {
      if (message.signal === signal) note("bootstrap");
    });
  }
  process.channel?.unref(); // listening for messages must not keep this process alive
}

/** Waits for the child in charge; its exit code, as a shell counts: 128 + number when a signal ended or cancelled it. */
export async function inCharge(started: ChildProcess): Promise<number> {
  child = started;
  received = undefined;
  try {
    return await new Promise((resolve, reject) => {
      started.on("error", reject);
      started.on("exit", (code, signal) => {
        if (signal !== null) resolve(128 + constants.signals[signal]);
        else resolve(code !== 0 && received !== undefined ? signalExitCode(received) : (code ?? 1));
      });
    });
  } finally {
    child = undefined;
  }
}

/**
 * Runs work of this process that can be cut short: the first signal aborts `interrupted`, whose `reason` is the exit code that goes
 * with it. A second one ends the process at once.
 */
export async function interruptibly<T>(work: (interrupted: AbortSignal) => Promise<T>): Promise<T> {
  interruption = new AbortController();
  try {
    return await work(interruption.signal);
  } finally {
    interruption = undefined;
  }
}

const signalExitCode = (signal: Signal): number => 128 + constants.signals[signal];
