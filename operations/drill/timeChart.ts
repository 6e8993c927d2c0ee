/** A chart over time, as inline SVG that takes its colours from the page. */
export interface TimeChart {
  /** For readers who can't see it. */
  readonly title: string;
  /** Milliseconds from 0 to here. */
  readonly end: number;
  /** Of the values: their text on the axis. */
  readonly format: (value: number) => string;
  readonly lines: readonly ChartLine[];
  /** Numbered from 1, in this order; the page says what they are. */
  readonly marks: readonly number[];
  /** A time that is shaded. */
  readonly shaded?: { readonly from: number; readonly to: number };
}

/** `null` is a time of which nothing is known: the line is broken there. */
export interface ChartLine {
  readonly points: readonly { readonly at: number; readonly value: number | null }[];
  /** Down to the axis is filled. */
  readonly filled?: boolean;
}

/** Lines are told apart by so many classes; more lines than that begin anew. */
export const lineClasses = 5;

const width = 960;
const height = 260;
const plot = { left: 76, right: 12, top: 26, bottom: 30 };

/** Line n has the class `line-n`, from 0 to lineClasses - 1; all else is drawn in the page's colour of text. */
export function timeChart({ title, end, format, lines, marks, shaded }: TimeChart): string {
  const highest = Math.max(0, ...lines.flatMap(({ points }) => points.map(({ value }) => value ?? 0)));
  const top = ticks(highest, 4).at(-1)!;
  const x = (at: number) => round(plot.left + (at / Math.max(end, 1)) * (width - plot.left - plot.right));
  const y = (value: number) => round(height - plot.bottom - (value / top) * (height - plot.top - plot.bottom));
  const floor = y(0);
  const parts = [
    ...(shaded
      ? [
          `<rect class="shaded" x="${x(shaded.from)}" y="${plot.top}" width="${round(x(shaded.to) - x(shaded.from))}" height="${round(floor - plot.top)}"/>`,
        ]
      : []),
    ...ticks(highest, 4).map(
      (value) =>
        `<path class="grid" d="M${plot.left} ${y(value)}H${width - plot.right}"/><text x="${plot.left - 8}" y="${y(value) + 4}" text-anchor="end">${escapeText(format(value))}</text>`,
    ),
    ...ticks(end / 1000, 10)
      .filter((second) => second * 1000 <= end)
      .map((second) => `<text x="${x(second * 1000)}" y="${height - 8}" text-anchor="middle">${second} s</text>`),
    ...lines.flatMap((line, index) => paths(line, x, y, floor, index % lineClasses)),
    ...marks.map(
      (at, index) =>
        `<path class="mark" d="M${x(at)} ${plot.top - 4}V${floor}"/><text class="mark" x="${x(at)}" y="${plot.top - 10}" text-anchor="middle">${index + 1}</text>`,
    ),
  ];
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeText(title)}">${parts.join("")}</svg>`;
}

/** From 0 in round steps (1, 2 or 5 times a power of ten) to at least `highest`, in at most about `count` of them. */
export function ticks(highest: number, count: number): number[] {
  if (highest <= 0) return [0, 1];
  const least = highest / count;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= least)!;
  return Array.from({ length: Math.ceil(highest / step) + 1 }, (_, index) => Number((index * step).toPrecision(12)));
}

export function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

type Scale = (value: number) => number;

function paths({ points, filled }: ChartLine, x: Scale, y: Scale, floor: number, index: number): string[] {
  return unbroken(points).flatMap((run) => {
    const line = run.map(({ at, value }) => `${x(at)} ${y(value)}`).join("L") + (run.length === 1 ? "h0" : ""); // a dot
    const area = `<path class="area-${index}" d="M${x(run[0]!.at)} ${floor}L${line}L${x(run.at(-1)!.at)} ${floor}Z"/>`;
    return [...(filled ? [area] : []), `<path class="line-${index}" d="M${line}"/>`];
  });
}

function unbroken(points: ChartLine["points"]): { at: number; value: number }[][] {
  const runs: { at: number; value: number }[][] = [];
  let broken = true;
  for (const { at, value } of points) {
    if (value !== null) {
      if (broken) runs.push([]);
      runs.at(-1)!.push({ at, value });
    }
    broken = value === null;
  }
  return runs;
}

const round = (value: number) => Math.round(value * 10) / 10;
