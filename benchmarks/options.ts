import { Command, InvalidArgumentError, Option } from "commander";
import { measures } from "./measures/measures.ts";
import type { Measure } from "./runner/measure.ts";

export interface Options {
  /** Of each contestant. */
  readonly runs: number;
  readonly only: readonly Measure[];
  readonly json: boolean;
}

/** Reads the command line; prints help and ends the process where that is asked for, or a mistake is found. */
export function readOptions(args: readonly string[]): Options {
  const ids = measures.map(({ id }) => id).join(",");
  const command = new Command("bench:up")
    .usage("[options]   as: npm run bench:up -- [options]")
    .description(
      "Measures this project against a hand-tuned compose file and a bare Pulumi program. Run it on a quiet machine.",
    )
    .option("--runs <number>", "runs of each contestant, in turn", readRuns, 5)
    .addOption(new Option("--only <measures>", `some of ${ids}`).argParser(readMeasures).default(measures, "all"))
    .option("--json", "print the report as JSON", false)
    .addHelpText(
      "after",
      "\nExit codes: 0 measured, whatever came out; 1 a mistake or a failure; 130 cancelled by Ctrl-C.",
    );
  return command.parse(args, { from: "user" }).opts<Options>();
}

function readRuns(text: string): number {
  const runs = Number(text);
  if (!Number.isInteger(runs) || runs < 1) throw new InvalidArgumentError("It is a whole number from 1.");
  return runs;
}

function readMeasures(text: string): readonly Measure[] {
  const wanted = text.split(",");
  const unknown = wanted.filter((id) => !measures.some((measure) => measure.id === id));
  if (unknown.length > 0) {
    throw new InvalidArgumentError(`${unknown.join(", ")} is none of ${measures.map(({ id }) => id).join(", ")}.`);
  }
  return measures.filter(({ id }) => wanted.includes(id));
}
