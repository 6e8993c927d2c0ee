import { InvalidArgumentError, Option } from "commander";
import type { UpContestants } from "./contestants/upContestants.ts";
import { measures } from "./measures/measures.ts";
import { type BenchmarkOptions, benchmarkCommand } from "./runner/benchmarkCommand.ts";
import type { Measure } from "./runner/measure.ts";

export interface UpOptions extends BenchmarkOptions {
  readonly only: readonly Measure<UpContestants>[];
}

const description = "Measures this project against a hand-tuned compose file and a bare Pulumi program.";

/** Reads the command line of bench:up. */
export function readUpOptions(args: readonly string[]): UpOptions {
  const ids = measures.map(({ id }) => id).join(",");
  return benchmarkCommand("bench:up", { description, runs: 5 })
    .addOption(new Option("--only <measures>", `some of ${ids}`).argParser(readMeasures).default(measures, "all"))
    .parse(args, { from: "user" })
    .opts<UpOptions>();
}

function readMeasures(text: string): readonly Measure<UpContestants>[] {
  const wanted = text.split(",");
  const unknown = wanted.filter((id) => !measures.some((measure) => measure.id === id));
  if (unknown.length > 0) {
    throw new InvalidArgumentError(`${unknown.join(", ")} is none of ${measures.map(({ id }) => id).join(", ")}.`);
  }
  return measures.filter(({ id }) => wanted.includes(id));
}
