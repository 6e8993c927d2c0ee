import type { InitialCopy } from "../configs/spec.ts";
import { formatBytes } from "../operations/formatBytes.ts";
import { LogicalCluster } from "./contestants/logicalCluster.ts";
import { readLogicalOptions } from "./logicalOptions.ts";
import { initialCopy, unverified } from "./measures/initialCopy.ts";
import { alternate } from "./runner/alternate.ts";
import { type Crossover, crossoverOf } from "./runner/crossover.ts";
import { type MeasureReport, type Report, renderReport, reportOn } from "./runner/report.ts";
import { runBenchmark } from "./runner/runBenchmark.ts";
import { say } from "./runner/say.ts";
import type { World } from "./runner/world.ts";

/** Of one size. */
interface SizeReport extends MeasureReport {
  /** Of the publisher's tables and indexes. */
  readonly bytes: number;
}

interface Results {
  readonly measures: readonly SizeReport[];
  readonly crossover: { readonly verified: Crossover; readonly unverified: Crossover };
}

const options = readLogicalOptions(process.argv.slice(2));
await runBenchmark({ name: "logical", take, render }, options);

async function take({ places, cli }: World): Promise<Results> {
  const [place] = await places(2, "logical");
  const cluster = new LogicalCluster(place, cli);
  say("creating the publisher");
  await cluster.create();
  const measures: SizeReport[] = [];
  for (const size of options.sizes) {
    const bytes = await cluster.grow(size);
    measures.push({ bytes, ...reportOn(await alternate(initialCopy(formatBytes(bytes)), cluster, options.runs)) });
  }
  const crossover = {
    verified: crossoverOf(measures.map(pointBy((name) => name))),
    unverified: crossoverOf(measures.map(pointBy(unverified))),
  };
  return { measures, crossover };
}

function pointBy(figureOf: (contestant: InitialCopy) => string) {
  return ({ bytes, contestants }: SizeReport) => {
    const median = (contestant: InitialCopy) => contestants.find(({ name }) => name === figureOf(contestant))!.median;
    return { bytes, gain: median("copy") - median("fromBaseBackup") };
  };
}

function render(report: Report & Results): string {
  const { verified, unverified } = report.crossover;
  return `${renderReport(report)}

fromBaseBackup is the quicker one ${describe(verified)}; without the verification, ${describe(unverified)}`;
}

function describe({ at, bytes }: Crossover): string {
  const size = formatBytes(bytes);
  if (at === "below") return `at every size, also at ${size}`;
  return at === "above" ? `at none of these sizes, not even at ${size}` : `from about ${size} on`;
}
