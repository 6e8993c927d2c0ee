import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../configs/userError.ts";
import { prepare } from "../toolchain/prepare.ts";
import { readOptions } from "./options.ts";
import { alternate } from "./runner/alternate.ts";
import { Interrupted } from "./runner/interruption.ts";
import { describeMachine } from "./runner/machine.ts";
import { type Report, renderReport, reportOn } from "./runner/report.ts";
import { withWorld } from "./runner/world.ts";

const results = join(import.meta.dirname, "results");

async function main(): Promise<void> {
  const { runs, only, json } = readOptions(process.argv.slice(2));
  const startedAt = new Date().toISOString();
  const prepared = await prepare({ pulumi: true, docker: "install", baseImage: true });
  const machine = await describeMachine(prepared);
  const measures = await withWorld(prepared, async (world) => {
    const taken: Report["measures"][number][] = [];
    for (const measure of only) taken.push(reportOn(await alternate(measure, world, runs)));
    return taken;
  });
  const report: Report = { startedAt, runs, machine, measures };
  const text = `${JSON.stringify(report, null, 2)}\n`;
  process.stdout.write(json ? text : `${renderReport(report)}\n`);
  await mkdir(results, { recursive: true });
  const file = join(results, `up-${startedAt.replaceAll(":", "-")}.json`);
  await writeFile(file, text);
  process.stderr.write(`kept as ${file}\n`);
}

try {
  await main();
} catch (error) {
  const expected = error instanceof UserError || error instanceof Interrupted;
  // A bug keeps its stack trace.
  process.stderr.write(`${expected ? error.message : (error as Error).stack}\n`);
  process.exitCode = error instanceof Interrupted ? error.exitCode : 1;
}
