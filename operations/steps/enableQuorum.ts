import { UserError } from "../../configs/userError.ts";
import { until } from "../until.ts";
import type { StepContext } from "./context.ts";
import { writeRuntime } from "./writeRuntime.ts";

/** Milliseconds for standbys to catch up before the quorum is switched on. */
const timeout = 300_000;

/**
 * Switches synchronous commit on when enough standbys stream and have flushed all that the primary has: switched on earlier,
 * every commit would wait for a standby that is still catching up.
 */
export async function enableQuorum(
  context: StepContext,
  primary: string,
  synchronousStandbyNames: string,
): Promise<void> {
  const { desired, containers, connections, progress } = context;
  const { number } = desired.plan.synchronous!;
  const standbys = desired.plan.nodes.map(({ name }) => name).filter((name) => name !== primary);
  await connections.use(containers[primary]!, async (client) => {
    const { rows } = await client.query("select pg_current_wal_flush_lsn()::text as lsn");
    await until(
      async () => {
        const caughtUp = await client.query(
          "select from pg_stat_replication where state = 'streaming' and application_name = any($1) and flush_lsn >= $2::pg_lsn",
          [standbys, rows[0].lsn],
        );
        return (caughtUp.rowCount ?? 0) >= number ? true : undefined;
      },
      {
        timeout,
        interval: 20,
        onTimeout: () =>
          new UserError(
            `The quorum was not switched on: fewer than ${number} of ${standbys.join(", ")} stream and have caught up after ${timeout / 1000} s. Commits are asynchronous until the next \`up\`. See \`npm run status -- --stack ${desired.plan.stack}\`.`,
          ),
      },
    );
  });
  await writeRuntime(context, primary, synchronousStandbyNames);
  progress.say(`${primary}: commits now wait for ${synchronousStandbyNames}`);
}
