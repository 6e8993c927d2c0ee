import type { TableName } from "../configs/tableName.ts";
import { UserError } from "../configs/userError.ts";
import { type LoadCounts, type LoadOptions, runLoad } from "../operations/load/load.ts";
import { parseTableName } from "../operations/load/loadTable.ts";
import { isComplete, renderBar, renderLoad, renderMoment } from "../operations/load/renderLoad.ts";
import { appliedCluster } from "./appliedCluster.ts";
import { LiveText } from "./liveText.ts";
import { interruptibly } from "./signals.ts";

export interface LoadCommandOptions extends Omit<LoadOptions, "table"> {
  readonly stack: string;
  /** `name` or `schema.name`. */
  readonly table: string;
  readonly json?: boolean;
}

/** Between two repaints on a terminal, and between two lines elsewhere, in milliseconds. */
const repaintInterval = 200;
const lineInterval = 1_000;

/** Loads a cluster through its published ports. Exit code: 0 when all that was asked for was acknowledged, 1 when not, 130 after Ctrl-C. */
export async function load({ stack, json, ...given }: LoadCommandOptions): Promise<number> {
  const options = { ...given, table: tableOf(given.table) };
  const desired = await appliedCluster(stack);
  return interruptibly(async (interrupted) => {
    let shown: Disposable | undefined;
    const show = (counts: () => LoadCounts) => {
      shown = showProgress(counts, options);
    };
    const result = await runLoad(desired, options, show, interrupted).finally(() => shown?.[Symbol.dispose]());
    process.stdout.write(`${json ? JSON.stringify(result, null, 2) : renderLoad(result)}\n`);
    if (interrupted.aborted) return interrupted.reason;
    return isComplete(result) ? 0 : 1;
  });
}

function tableOf(text: string): TableName {
  const name = parseTableName(text);
  if (name !== undefined) return name;
  throw new UserError(
    `--table ${text}: it has to be name or schema.name, in lower-case letters, digits and underscores, up to 63 of them each.`,
  );
}

/** On stderr, until it is disposed of. */
function showProgress(counts: () => LoadCounts, { rows, read }: LoadOptions): Disposable {
  const live = process.stderr.isTTY ? new LiveText(process.stderr) : undefined;
  let before = { at: performance.now(), acknowledged: 0 };
  let perSecond = 0;
  const show = () => {
    const { acknowledged, failed, unconfirmed } = counts();
    const now = performance.now();
    // Over a second, also where it is repainted more often: the figure would be too restless to be read.
    if (now - before.at >= lineInterval * 0.9) {
      perSecond = ((acknowledged - before.acknowledged) / (now - before.at)) * 1000;
      before = { at: now, acknowledged };
    }
    const moment = { acknowledged, failed, unconfirmed, requested: rows, read, perSecond };
    if (live) live.show(renderBar(moment, process.stderr.columns - 1));
    else process.stderr.write(`${renderMoment(moment)}\n`);
  };
  const timer = setInterval(show, live ? repaintInterval : lineInterval);
  return {
    [Symbol.dispose]: () => {
      clearInterval(timer);
      show();
      live?.[Symbol.dispose]();
    },
  };
}
