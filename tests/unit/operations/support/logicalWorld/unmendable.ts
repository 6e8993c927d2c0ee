import { bringsAsWeSetIt } from "./promises.ts";
import { follow } from "./workers.ts";
import { copyWorld, type LogicalWorld, publisherOf } from "./world.ts";

/** Is there something that no `up` could know, because nothing that it looks at tells of it? */
export function unmendable(world: LogicalWorld): boolean {
  return hasUnknownRows(world) || hasWrongRowsWithoutTrace(world);
}

/** Rows of a copy of which neither a subscription nor our books tell: they can't be told from the user's own. */
function hasUnknownRows({ nodes }: LogicalWorld): boolean {
  return Object.values(nodes).some(({ data }) =>
    Object.entries(data?.tables ?? {}).some(([table, { copy }]) => {
      const subscribed = Object.values(data!.subscriptions).some(({ tables }) => tables[table] !== undefined);
      return copy !== undefined && !subscribed && data!.books?.copiedTables[table]?.begun !== true;
    }),
  );
}

/**
 * Rows that came by a publication which somebody altered, and then dropped or took from the subscription: what is left is as we set it.
 * (Only a verification finds them, which compares the rows.)
 */
function hasWrongRowsWithoutTrace(found: LogicalWorld): boolean {
  const world = copyWorld(found);
  const publisher = world.nodes[world.publisher]?.data && publisherOf(world);
  if (publisher === undefined) return false;
  return Object.values(world.nodes).some(({ data }) =>
    Object.values(data?.subscriptions ?? {}).some((subscription) => {
      follow(world, data!, subscription);
      return Object.keys(subscription.tables).some(
        (table) =>
          data!.tables[table]?.copy?.wrong &&
          data!.books?.copiedTables[table] !== undefined &&
          bringsAsWeSetIt(publisher, subscription, table),
      );
    }),
  );
}
