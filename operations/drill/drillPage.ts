import { formatBytes } from "../formatBytes.ts";
import { formatCount } from "../formatCount.ts";
import type { SampledNode } from "../witness/lagSamples.ts";
import type { DrillResult } from "./drill.ts";
import { drillFigures, duration, verdict } from "./drillFigures.ts";
import { escapeText, lineClasses, timeChart } from "./timeChart.ts";

/** The result as one self-contained HTML page: it loads nothing, and runs no script. */
export function drillPage(result: DrillResult): string {
  const { stack, mode, scenario, startedAt, ok, account } = result;
  const title = `Drill ${scenario} of stack ${stack}`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeText(title)}</title>
<style>${style}</style>
<main>
<h1>${escapeText(title)}</h1>
<p>Mode ${escapeText(mode)}, ${result.clients} clients, ${duration(account.milliseconds)}, begun ${escapeText(startedAt)}.</p>
<p class="verdict ${ok ? "good" : "bad"}">${escapeText(verdict(result))}</p>
<ol>${account.marks.map(({ at, text }) => `<li><b>${(at / 1000).toFixed(1)} s</b> ${escapeText(text)}</li>`).join("")}</ol>
${throughputFigure(result)}
${lagFigure(result, "Replay lag: WAL that the primary has flushed and the standby has not replayed", "replayLagBytes", formatBytes)}
${lagFigure(result, "Flush lag: from the primary's flush to the standby's, as the primary measures it", "flushLagMilliseconds", duration)}
<h2>Figures</h2>
<table>${drillFigures(result).map(figureRow).join("")}</table>
</main>
</html>
`;
}

function figureRow({ name, value, good }: ReturnType<typeof drillFigures>[number]): string {
  const verdictClass = good === undefined ? "" : good ? ' class="good"' : ' class="bad"';
  return `<tr><th scope="row">${escapeText(name)}</th><td${verdictClass}>${escapeText(value)}</td></tr>`;
}

function throughputFigure({ account }: DrillResult): string {
  const { throughput, longestGap, milliseconds } = account;
  const points = throughput.perSecond.map((value, index) => ({ at: (index + 0.5) * throughput.interval, value }));
  const title = "Acknowledged rows a second";
  const chart = timeChart({
    title,
    end: milliseconds,
    format: formatCount,
    lines: [{ points, filled: true }],
    marks: account.marks.map(({ at }) => at),
    shaded: longestGap,
  });
  return figure(title, [`<span class="shade"></span>longest gap: ${duration(longestGap.milliseconds)}`], chart);
}

type Lag = "replayLagBytes" | "flushLagMilliseconds";

/** A line for each node that was a standby at any time. */
function lagFigure({ account }: DrillResult, title: string, lag: Lag, format: (value: number) => string): string {
  const { lag: samples, milliseconds, marks } = account;
  const names = [...new Set(samples.flatMap(({ nodes }) => nodes.filter(isStandby).map(({ node }) => node)))].sort();
  const lines = names.map((name) => ({
    points: samples.map(({ at, nodes }) => ({ at, value: nodes.find(({ node }) => node === name)?.[lag] ?? null })),
  }));
  const chart = timeChart({ title, end: milliseconds, format, lines, marks: marks.map(({ at }) => at) });
  const legend = names.map((name, index) => `<span class="key-${index % lineClasses}"></span>${escapeText(name)}`);
  return figure(title, legend, chart);
}

const isStandby = ({ role }: SampledNode) => role === "standby";

function figure(title: string, legend: readonly string[], chart: string): string {
  return `<figure><figcaption><b>${escapeText(title)}</b> ${legend.join(" ")}</figcaption>${chart}</figure>`;
}

/** Distinguishable by the colour-blind as well, on light and on dark (Okabe and Ito's palette, darker or lighter). */
const palette = [
  ["#0072b2", "#56b4e9"],
  ["#d55e00", "#f0a050"],
  ["#007a5a", "#33c79a"],
  ["#a8487f", "#e08fc0"],
  ["#7a6a00", "#e5d94a"],
] as const;
const variables = (theme: 0 | 1) => palette.map((pair, index) => `--c${index}:${pair[theme]}`).join(";");
const classes = palette
  .map((_, index) => {
    const colour = `var(--c${index})`;
    return `.line-${index}{fill:none;stroke:${colour};stroke-width:1.5;stroke-linejoin:round;stroke-linecap:round}.area-${index}{fill:${colour};opacity:.18}.key-${index}{background:${colour}}`;
  })
  .join("");

const style = `
:root{${variables(0)};--text:#1d2329;--back:#fff;--faint:#d8dde2;--good:#05683f;--bad:#b3261e;--shade:#b3261e22}
@media (prefers-color-scheme:dark){:root{${variables(1)};--text:#e4e7ea;--back:#14181c;--faint:#3a424a;--good:#58d39b;--bad:#ff8a80;--shade:#ff8a8033}}
body{margin:0;background:var(--back);color:var(--text);font:15px/1.5 system-ui,sans-serif}
main{max-width:1000px;margin:0 auto;padding:24px 16px}
h1{font-size:1.5em;margin:0}h2{font-size:1.15em;margin:32px 0 8px}
figure{margin:28px 0 0}figcaption span{display:inline-block;width:14px;height:10px;margin:0 6px 0 14px;border-radius:2px}
svg{display:block;width:100%;height:auto;font:12px system-ui,sans-serif}
svg text{fill:var(--text)}svg text.mark{font-weight:700}
.grid{stroke:var(--faint);fill:none}.mark{stroke-dasharray:4 3}path.mark{stroke:var(--text);fill:none}
.shaded{fill:var(--shade)}.shade{background:var(--shade)}
${classes}
.verdict{font-weight:600}.good{color:var(--good)}.bad{color:var(--bad);font-weight:600}
table{border-collapse:collapse}th,td{text-align:left;padding:5px 16px 5px 0;border-bottom:1px solid var(--faint);vertical-align:top}
th{font-weight:400;white-space:nowrap}td{font-variant-numeric:tabular-nums}
`;
