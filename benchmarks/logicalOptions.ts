import { InvalidArgumentError, Option } from "commander";
import { type BenchmarkOptions, benchmarkCommand } from "./runner/benchmarkCommand.ts";

export interface LogicalOptions extends BenchmarkOptions {
  /** Bytes, ascending. */
  readonly sizes: readonly number[];
}

const description =
  "Measures where a new subscriber is sooner made from a base backup than copied table by table, mode logical's initialCopy. The largest size is needed on disk four times.";
const usualSizes = "10MB,50MB,200MB,500MB,2GB";
const units: Readonly<Record<string, number>> = { kB: 1e3, MB: 1e6, GB: 1e9 };

/** Reads the command line of bench:logical. */
export function readLogicalOptions(args: readonly string[]): LogicalOptions {
  return benchmarkCommand("bench:logical", { description, runs: 3 })
    .addOption(
      new Option("--sizes <sizes>", "of the publisher's tables and indexes")
        .argParser(readSizes)
        .default(readSizes(usualSizes), usualSizes),
    )
    .parse(args, { from: "user" })
    .opts<LogicalOptions>();
}

function readSizes(text: string): readonly number[] {
  const sizes = text.split(",").map((size) => {
    const [, number, unit] = /^([1-9]\d*)([kMG]B)$/.exec(size) ?? [];
    if (unit === undefined) throw new InvalidArgumentError(`${size} is no size like 500kB, 10MB or 2GB.`);
    return Number(number) * units[unit]!;
  });
  return sizes.toSorted((a, b) => a - b);
}
