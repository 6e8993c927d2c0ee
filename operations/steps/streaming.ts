import { UserError } from "../../configs/userError.ts";
import { until } from "../until.ts";
import type { StepContext } from "./context.ts";

/** Milliseconds that a standby may take to connect and to catch up with what its clone is missing. */
const timeout = 300_000;

/** Waits until `primary` sees the node stream under its own name. */
export function awaitStreaming(context: StepContext, node: string, primary: string): Promise<void> {
  return awaitStandby(context, node, primary, "does not stream", "state = 'streaming'");
}

/** Waits until the node has replayed what `primary` has flushed by now. */
export function awaitReplay(context: StepContext, node: string, primary: string): Promise<void> {
  return awaitStandby(context, node, primary, "has not replayed what it should", "replay_lsn >= $2::pg_lsn");
}

async function awaitStandby(
  { containers, connections }: StepContext,
  node: string,
  primary: string,
  complaint: string,
  condition: string,
): Promise<void> {
  await connections.use(containers[primary]!, async (client) => {
    const { rows } = await client.query<{ lsn: string }>("select pg_current_wal_flush_lsn()::text as lsn");
    const parameters = [node, ...(condition.includes("$2") ? [rows[0]?.lsn] : [])];
    const query = `select from pg_stat_replication where application_name = $1 and ${condition}`;
    await until(async () => ((await client.query(query, parameters)).rowCount === 0 ? undefined : true), {
      timeout,
      interval: 20,
      onTimeout: async () =>
        new UserError(
          `${node} ${complaint} from ${primary} after ${timeout / 1000} s. The last lines of its log:\n${await containers[node]!.logTail(20)}`,
        ),
    });
  });
}
