/** Tells the user what a long step does, on stderr: in place on a terminal, else a line now and then. */
export interface Progress {
  /** A line of its own. */
  note(line: string): void;
  /**
   * Announces `label`, runs `work`, and says how long it took (or that it failed: the error goes on to the caller).
   * `work` reports how far it is by `update`, as often as it likes.
   */
  step<T>(label: string, work: (update: (detail: string) => void) => Promise<T>): Promise<T>;
}

/** Between two lines of one step where they cannot be overwritten, in milliseconds. */
const lineInterval = 15_000;
/** Between two repaints on a terminal, in milliseconds. */
const repaintInterval = 200;

export function createProgress(
  stream: { write(text: string): unknown; isTTY?: boolean; columns?: number } = process.stderr,
  now: () => number = () => performance.now(),
): Progress {
  const inPlace = stream.isTTY === true;

  async function step<T>(label: string, work: (update: (detail: string) => void) => Promise<T>): Promise<T> {
    const start = now();
    const elapsed = () => duration(now() - start);
    let lastWrite = start;
    const update = (detail: string) => {
      if (now() - lastWrite < (inPlace ? repaintInterval : lineInterval)) return;
      lastWrite = now();
      const text = `${label}: ${detail} (${elapsed()})`;
      stream.write(inPlace ? `\r\x1b[K${text.slice(0, (stream.columns ?? 80) - 1)}` : `${text}\n`);
    };
    stream.write(inPlace ? `${label} …` : `${label} …\n`);
    const end = (outcome: string) => stream.write(`${inPlace ? "\r\x1b[K" : ""}${label}: ${outcome} ${elapsed()}\n`);
    try {
      const result = await work(update);
      end("done in");
      return result;
    } catch (error) {
      end("failed after");
      throw error;
    }
  }

  return { note: (line) => stream.write(`${line}\n`), step };
}

/** `0.04 s`, `12.0 s`, `3 min 5 s`. */
export function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toFixed(seconds < 1 ? 2 : 1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
}
