import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../../configs/userError.ts";
import { prepare } from "../../toolchain/prepare.ts";
import type { BenchmarkOptions } from "./benchmarkCommand.ts";
import { Interrupted } from "./interruption.ts";
import { describeMachine } from "./machine.ts";
import type { Report } from "./report.ts";
import { say } from "./say.ts";
import { type World, withWorld } from "./world.ts";

const folder = join(import.meta.dirname, "..", "results");

export interface Benchmark<Results> {
  /** Begins the names of its results' files. */
  readonly name: string;
  readonly take: (world: World) => Promise<Results>;
  /** The report for people. */
  readonly render: (report: Report & Results) => string;
}

/** The whole of a benchmark's process: takes it in a world of its own, prints the report, and keeps it below `results`. Sets the exit code. */
export async function runBenchmark<Results extends Pick<Report, "measures">>(
  benchmark: Benchmark<Results>,
  options: BenchmarkOptions,
): Promise<void> {
  try {
    await takeAndKeep(benchmark, options);
  } catch (error) {
    const expected = error instanceof UserError || error instanceof Interrupted;
    // A bug keeps its stack trace.
    say(expected ? error.message : String((error as Error).stack));
    process.exitCode = error instanceof Interrupted ? error.exitCode : 1;
  }
}

async function takeAndKeep<Results extends Pick<Report, "measures">>(
  { name, take, render }: Benchmark<Results>,
  { runs, json }: BenchmarkOptions,
): Promise<void> {
  const startedAt = new Date().toISOString();
  const prepared = await prepare({ pulumi: true, docker: "install", baseImage: true });
  const machine = await describeMachine(prepared);
  const report = { startedAt, runs, machine, ...(await withWorld(prepared, take)) };
  const text = `${JSON.stringify(report, null, 2)}\n`;
  process.stdout.write(json ? text : `${render(report)}\n`);
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${name}-${startedAt.replaceAll(":", "-")}.json`);
  await writeFile(file, text);
  say(`kept as ${file}`);
}
