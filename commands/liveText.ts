import { writeSync } from "node:fs";

interface Stream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  readonly fd?: number;
}

const hideCursor = "\x1b[?25l";
const showCursor = "\x1b[?25h";
const clearToEndOfLine = "\x1b[K";
const clearBelow = "\x1b[J";

/**
 * Text on a terminal that is replaced in place, by one write each time, so that it doesn't flicker. Lines that don't fit are cut off. The
 * cursor is hidden meanwhile, and back when it ends, however the process ends by itself.
 */
export class LiveText implements Disposable {
  private readonly stream: Stream;
  /** Lines from the top of the text to the cursor. */
  private height = 0;
  private width = 0;
  private readonly restore = () => {
    // Nothing that takes its time is written any more at the end of a process.
    if (this.stream.fd !== undefined) writeSync(this.stream.fd, showCursor);
  };

  constructor(stream: Stream) {
    this.stream = stream;
    process.on("exit", this.restore);
  }

  show(text: string): void {
    const { columns = 80, rows = 24 } = this.stream;
    const lines = text.split("\n").slice(0, rows - 1);
    // A terminal that has become narrower has wrapped the old lines: nobody knows where they begin.
    const resized = this.width !== 0 && this.width !== columns;
    const start = resized ? "\x1b[H" : this.height === 0 ? "\r" : `\x1b[${this.height}A\r`;
    const body = lines.map((line) => `${line.slice(0, columns - 1)}${clearToEndOfLine}\n`).join("");
    this.stream.write(`${hideCursor}${start}${body}${clearBelow}`);
    this.height = lines.length;
    this.width = columns;
  }

  /** Leaves the last text where it is. */
  [Symbol.dispose](): void {
    process.off("exit", this.restore);
    this.stream.write(showCursor);
  }
}
