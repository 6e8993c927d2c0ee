import { expect, test } from "vitest";
import { LiveText } from "../../../commands/liveText.ts";

function recorded(columns: number, rows: number) {
  const written: string[] = [];
  const stream = { columns, rows, write: (text: string) => written.push(text) };
  return { written, stream };
}

test("text is replaced in place by one write each, and the cursor is back at the end", () => {
  const { written, stream } = recorded(80, 24);
  const live = new LiveText(stream);
  live.show("one\ntwo");
  live.show("three");
  live[Symbol.dispose]();
  expect(written).toEqual([
    "\x1b[?25l\rone\x1b[K\ntwo\x1b[K\n\x1b[J",
    "\x1b[?25l\x1b[2A\rthree\x1b[K\n\x1b[J",
    "\x1b[?25h",
  ]);
});

test("what does not fit is cut off: a line that wraps or scrolls could not be replaced", () => {
  const { written, stream } = recorded(6, 3);
  using live = new LiveText(stream);
  live.show("123456789\ntwo\nthree\nfour");
  expect(written[0]).toBe("\x1b[?25l\r12345\x1b[K\ntwo\x1b[K\n\x1b[J");
});

test("begins at the top of a terminal whose width has changed", () => {
  const { written, stream } = recorded(80, 24);
  using live = new LiveText(stream);
  live.show("one");
  stream.columns = 40;
  live.show("two");
  expect(written[1]).toBe("\x1b[?25l\x1b[Htwo\x1b[K\n\x1b[J");
});
