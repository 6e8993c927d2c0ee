import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type DrillOptions, runDrill } from "../operations/drill/drill.ts";
import { drillPage } from "../operations/drill/drillPage.ts";
import { renderDrill } from "../operations/drill/renderDrill.ts";
import { stderrProgress } from "../operations/progress.ts";
import { appliedCluster } from "./appliedCluster.ts";
import { interruptibly } from "./signals.ts";

export interface DrillCommandOptions extends DrillOptions {
  readonly stack: string;
  readonly json: boolean;
  /** Folder for the JSON file and the page, made where it is missing. */
  readonly output: string;
}

/**
 * Writers at work on the live cluster, a fault, the recovery, and the account of every row. Exit code: 0 when no acknowledged row is lost and
 * never did two nodes accept writes, 1 when not, 130 after Ctrl-C: then the fault is undone, and there is no account.
 */
export async function drill({ stack, json, output, ...options }: DrillCommandOptions): Promise<number> {
  const desired = await appliedCluster(stack);
  return interruptibly(async (interrupted) => {
    try {
      const result = await runDrill(desired, options, stderrProgress(), interrupted);
      await mkdir(output, { recursive: true });
      const file = join(output, `drill-${stack}-${options.scenario}-${result.startedAt.replace(/[-:]|\.\d+/g, "")}`);
      const text = JSON.stringify(result, null, 2);
      await writeFile(`${file}.json`, `${text}\n`);
      await writeFile(`${file}.html`, drillPage(result));
      process.stdout.write(`${json ? text : renderDrill(result)}\n`);
      process.stderr.write(`${file}.html\n${file}.json\n`);
      return result.ok ? 0 : 1;
    } catch (error) {
      if (!interrupted.aborted) throw error;
      if (error instanceof SuppressedError) throw error.error; // what went wrong while all was put back
      if (error !== interrupted.reason && (error as Error).name !== "AbortError") throw error;
      process.stderr.write("Interrupted: the nodes are as they were before the drill, and its rows are removed.\n");
      return interrupted.reason;
    }
  });
}
