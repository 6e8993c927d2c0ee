import { UserError } from "../../configs/userError.ts";
import { NodeContainer } from "../docker.ts";
import type { Step } from "../step.ts";
import { until } from "../until.ts";
import type { StepContext } from "./context.ts";

/** Milliseconds for the primary to notice that a stopped standby is gone. */
const timeout = 60_000;

/** Stops a node that the plan no longer has, and drops its slot: nobody would ever read the WAL that it holds back. Its data is kept. */
export async function retire(
  { desired, containers, connections, progress }: StepContext,
  { node, leaver, container, slot }: Step & { readonly kind: "retire" },
): Promise<void> {
  progress.say(`${leaver}: no longer declared: stopping it, and dropping its slot`);
  const leaving = new NodeContainer(container);
  const info = await leaving.inspect();
  if (info !== undefined && NodeContainer.stateOf(info) !== "stopped") await leaving.stop();
  const type = desired.plan.logical === undefined ? "physical" : "logical";
  const idle = `from pg_replication_slots where slot_name = $1 and slot_type = '${type}'`;
  await connections.use(containers[node]!, async (client) => {
    await until(
      async () => ((await client.query(`select ${idle} and active`, [slot])).rowCount === 0 ? true : undefined),
      { timeout, onTimeout: () => new UserError(`${leaver} is stopped, but its slot ${slot} on ${node} stays in use`) },
    );
    await client.query(`select pg_drop_replication_slot(slot_name) ${idle}`, [slot]);
  });
}
