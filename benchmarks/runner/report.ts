import Table from "cli-table3";
import type { Machine } from "./machine.ts";
import type { Measurement, Unit } from "./measure.ts";
import { type Summary, summarise, type Verdict, verdicts } from "./summary.ts";

/** What a run of the benchmark is kept as. */
export interface Report {
  /** ISO 8601. */
  readonly startedAt: string;
  readonly runs: number;
  readonly machine: Machine;
  readonly measures: readonly MeasureReport[];
}

export interface MeasureReport extends Omit<Measurement, "contestants" | "targets"> {
  readonly contestants: readonly (Measurement["contestants"][number] & Summary)[];
  readonly targets: readonly Verdict[];
}

export function reportOn(measurement: Measurement): MeasureReport {
  const contestants = measurement.contestants.map((each) => ({ ...each, ...summarise(each.figures) }));
  return { ...measurement, contestants, targets: verdicts(measurement) };
}

/** The report for people. */
export function renderReport({ runs, machine, measures }: Report): string {
  const { cpus, processor, docker, pulumi, plugins } = machine;
  return [
    `Medians of ${runs} alternating runs on ${cpus} × ${processor}; Docker ${docker}, Pulumi ${pulumi} (${plugins} plugins), load ${machine.loadBefore.toFixed(2)} before`,
    ...measures.map((measure) => ["", measure.title, renderFigures(measure), ...renderTargets(measure)].join("\n")),
  ].join("\n");
}

function renderFigures({ unit, contestants }: MeasureReport): string {
  const table = new Table({
    head: ["", "median", "min", "max"],
    colAligns: ["left", "right", "right", "right"],
    style: { head: [], border: [], compact: true },
  });
  for (const { name, median, min, max } of contestants) {
    table.push([name, ...[median, min, max].map((figure) => inUnit(figure, unit))]);
  }
  return table.toString();
}

function renderTargets({ unit, targets }: MeasureReport): string[] {
  return targets.map(({ of, over, value, atMost, reached }) => {
    const figure = (number: number) => (over === undefined ? inUnit(number, unit) : number.toFixed(2));
    const what = over === undefined ? of : `${of} / ${over}`;
    return `  ${what}: ${figure(value)}, target at most ${figure(atMost)}: ${reached ? "reached" : "NOT REACHED"}`;
  });
}

function inUnit(figure: number, unit: Unit): string {
  return `${figure.toFixed(unit === "ms" ? 1 : 2)} ${unit}`;
}
