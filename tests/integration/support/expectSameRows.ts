import { eventually } from "./eventually.ts";
import type { ThrowawayStack } from "./throwawayStack.ts";

/** At rest: waits until each subscriber's rows are the publisher's, and shows the difference when they don't become so. */
export async function expectSameRows(
  stack: ThrowawayStack,
  table: string,
  nodes: readonly string[],
  where = "",
  columns = "*",
): Promise<void> {
  const digest = `select count(*)::int as rows, md5(string_agg(t::text, e'\\n' order by id)) as hash from (select ${columns} from ${table}`;
  const [expected] = await stack.appSql("pg-1", `${digest} ${where}) t`);
  for (const node of nodes) {
    await eventually(`${table} of ${node} has ${expected!.rows} rows, the publisher's`, async () => {
      const [found] = await stack.appSql(node, `${digest}) t`);
      return found!.hash === expected!.hash;
    });
  }
}
