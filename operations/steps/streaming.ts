import { UserError } from "../../configs/userError.ts";
import { withConnection } from "../sql.ts";
import { until } from "../until.ts";
import type { StepContext } from "./context.ts";

/** Milliseconds that a standby may take to connect and to catch up with what its clone is missing. */
const timeout = 300_000;

/** Waits until `primary` sees the node stream under its own name. */
export async function awaitStreaming({ containers }: StepContext, node: string, primary: string): Promise<void> {
  await withConnection(containers[primary]!, (client) =>
    until(
      async () => {
        const { rowCount } = await client.query(
          "select from pg_stat_replication where application_name = $1 and state = 'streaming'",
          [node],
        );
        return rowCount === 0 ? undefined : true;
      },
      {
        timeout,
        interval: 20,
        onTimeout: async () =>
          new UserError(
            `${node} does not stream from ${primary} after ${timeout / 1000} s. The last lines of its log:\n${await containers[node]!.logTail(20)}`,
          ),
      },
    ),
  );
}
