import { Command } from "commander";
import { wholeNumber } from "../../commands/optionValues.ts";

/** Options that every benchmark has. */
export interface BenchmarkOptions {
  /** Of each contestant. */
  readonly runs: number;
  readonly json: boolean;
}

/** The command line of `npm run <name>`; by default `runs` runs of each contestant. Prints help and ends the process where that is asked for, or a mistake is found. */
export function benchmarkCommand(name: string, { description, runs }: { description: string; runs: number }): Command {
  return new Command(name)
    .usage(`[options]   as: npm run ${name} -- [options]`)
    .description(`${description} Run it on a quiet machine.`)
    .option("--runs <number>", "runs of each contestant, in turn", wholeNumber, runs)
    .option("--json", "print the report as JSON", false)
    .addHelpText(
      "after",
      "\nExit codes: 0 measured, whatever came out; 1 a mistake or a failure; 130 cancelled by Ctrl-C.",
    );
}
