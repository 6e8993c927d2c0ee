import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type TimeChart, ticks, timeChart } from "../../../../operations/drill/timeChart.ts";

const chart = (given: Partial<TimeChart>) =>
  timeChart({ title: "Rows & more", end: 1000, format: String, lines: [], marks: [], ...given });

const linesOf = (svg: string) =>
  [...svg.matchAll(/<path class="line-(\d)" d="([^"]*)"/g)].map(([, line, d]) => [line, d]);

describe("ticks", () => {
  test.each([
    [0, [0, 1]],
    [1, [0, 0.5, 1]],
    [7, [0, 2, 4, 6, 8]],
    [100, [0, 50, 100]],
    [2600, [0, 1000, 2000, 3000]],
    [0.3, [0, 0.1, 0.2, 0.3]],
  ])("of %d", (highest, expected) => {
    expect(ticks(highest, 4)).toEqual(expected);
  });

  test("reach whatever there is, and are few", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e15, noNaN: true }), (highest) => {
        const all = ticks(highest, 4);
        expect(all.at(-1)).toBeGreaterThanOrEqual(highest * (1 - 1e-9));
        expect(all.length).toBeLessThanOrEqual(6);
      }),
    );
  });
});

describe("a chart", () => {
  test("goes from the left to the right and from the axis to the highest tick", () => {
    const points = [
      { at: 0, value: 0 },
      { at: 1000, value: 100 },
    ];
    expect(linesOf(chart({ lines: [{ points }] }))).toEqual([["0", "M76 230L948 26"]]);
  });

  test("breaks a line where nothing is known, and shows a point that stands alone", () => {
    const points = [5, 5, null, 5, null].map((value, index) => ({ at: index * 250, value }));
    expect(linesOf(chart({ lines: [{ points }] }))).toHaveLength(2);
    expect(linesOf(chart({ lines: [{ points }] }))[1]![1]).toMatch(/^M[\d.]+ [\d.]+h0$/);
  });

  test("tells lines apart, and begins anew where there are too many", () => {
    const lines = Array.from({ length: 6 }, () => ({ points: [{ at: 0, value: 1 }] }));
    expect(linesOf(chart({ lines })).map(([line]) => line)).toEqual(["0", "1", "2", "3", "4", "0"]);
  });

  test("is drawn of nothing, too", () => {
    const svg = chart({ end: 0 });
    expect(svg).toContain('aria-label="Rows &amp; more"');
    expect(svg).not.toMatch(/NaN|Infinity/);
  });

  test("numbers its marks and shades a time", () => {
    const svg = chart({ marks: [0, 500], shaded: { from: 500, to: 1000 } });
    expect(svg).toMatch(/x="76" [^>]*>1<.*x="512" [^>]*>2</);
    expect(svg).toContain('<rect class="shaded" x="512" y="26" width="436" height="204"/>');
  });
});
