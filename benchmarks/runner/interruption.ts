import { constants } from "node:os";

type Signal = "SIGINT" | "SIGTERM" | "SIGHUP";

/** The user's wish to stop. */
export class Interrupted extends Error {
  override name = "Interrupted";
  /** As a shell counts. */
  readonly exitCode: number;

  constructor(signal: Signal) {
    super(`cancelled by ${signal}`);
    this.exitCode = 128 + constants.signals[signal];
  }
}

/** Rejects with Interrupted at the first signal; later ones do not cut the cleaning up short. */
export function interruption(): Promise<never> {
  return new Promise((_, reject) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.on(signal, () => reject(new Interrupted(signal)));
    }
  });
}
