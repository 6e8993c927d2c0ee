import Table from "cli-table3";
import { formatCount } from "../formatCount.ts";
import { tableStyle } from "../tableStyle.ts";
import type { DrillResult } from "./drill.ts";
import { drillFigures, verdict } from "./drillFigures.ts";

/** Rows named in full; the JSON file has them all. */
const mostNamed = 10;

/** The result for people. */
export function renderDrill(result: DrillResult): string {
  const { scenario, stack, mode, account } = result;
  const table = new Table({ head: [`drill ${scenario}`, `stack ${stack}, mode ${mode}`], style: tableStyle });
  for (const { name, value, good } of drillFigures(result)) table.push([name, good === false ? `${value}  ✗` : value]);
  const lost = account.missing
    .slice(0, mostNamed)
    .map(
      ({ client, number, node, endedAt }) =>
        `  client ${client}, row ${number}: acknowledged by ${node} at ${(endedAt / 1000).toFixed(2)} s`,
    );
  const more = account.missing.length - lost.length;
  return [
    table.toString(),
    ...account.errors.map(({ text, count }) => `  ${formatCount(count)} × ${text}`),
    verdict(result),
    ...lost,
    ...(more > 0 ? [`  and ${formatCount(more)} more`] : []),
  ].join("\n");
}
