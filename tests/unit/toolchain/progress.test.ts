import { describe, expect, test } from "vitest";
import { createProgress, duration } from "../../../toolchain/progress.ts";

function recorded(isTTY: boolean) {
  const written: string[] = [];
  const clock = { now: 0 };
  const stream = { isTTY, columns: 40, write: (text: string) => written.push(text) };
  return { written, clock, progress: createProgress(stream, () => clock.now) };
}

describe("a long step", () => {
  test("says a line now and then where lines cannot be overwritten", async () => {
    const { written, clock, progress } = recorded(false);
    await progress.step("Building", async (update) => {
      for (clock.now = 1000; clock.now < 40_000; clock.now += 1000) update(`${clock.now / 1000} packages`);
    });
    expect(written).toEqual([
      "Building …\n",
      "Building: 15 packages (15.0 s)\n",
      "Building: 30 packages (30.0 s)\n",
      "Building: done in 40.0 s\n",
    ]);
  });

  test("repaints one line on a terminal, no wider than it", async () => {
    const { written, clock, progress } = recorded(true);
    await progress.step("Building", async (update) => {
      clock.now = 500;
      update("x".repeat(100));
    });
    expect(written[1]).toBe(`\r\x1b[KBuilding: ${"x".repeat(29)}`);
    expect(written.at(-1)).toBe("\r\x1b[KBuilding: done in 0.50 s\n");
  });

  test("that fails says so and lets the error through", async () => {
    const { written, progress } = recorded(false);
    const failing = progress.step("Building", async () => {
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    expect(written.at(-1)).toBe("Building: failed after 0.00 s\n");
  });
});

test.each([
  [40, "0.04 s"],
  [12_000, "12.0 s"],
  [185_000, "3 min 5 s"],
])("%i ms is %s", (milliseconds, text) => {
  expect(duration(milliseconds)).toBe(text);
});
