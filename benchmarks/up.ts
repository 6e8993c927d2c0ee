import { createUpContestants } from "./contestants/upContestants.ts";
import { alternate } from "./runner/alternate.ts";
import { type MeasureReport, renderReport, reportOn } from "./runner/report.ts";
import { runBenchmark } from "./runner/runBenchmark.ts";
import type { World } from "./runner/world.ts";
import { readUpOptions } from "./upOptions.ts";

const options = readUpOptions(process.argv.slice(2));
await runBenchmark({ name: "up", take, render: renderReport }, options);

async function take(world: World) {
  const contestants = await createUpContestants(world);
  const measures: MeasureReport[] = [];
  for (const measure of options.only) measures.push(reportOn(await alternate(measure, contestants, options.runs)));
  return { measures };
}
