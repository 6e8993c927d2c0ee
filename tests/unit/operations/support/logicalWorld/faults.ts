import { settle, syncSlotOf } from "./workers.ts";
import type { LogicalData, LogicalWorld, Publication, Subscription } from "./world.ts";
import { publisherOf, schemaOf } from "./world.ts";

/** What other hands, and accidents, do to a world. `pick` chooses which of many; nothing happens where there is nothing to choose. */
export type Fault = (world: LogicalWorld, pick: number) => void;

export const faults = {
  "a subscription is dropped": onSubscription((world, subscription, { subscriptions }, name) => {
    delete publisherOf(world).slots[subscription.slot ?? ""];
    delete subscriptions[name];
  }),
  "a subscription is dropped, its slot stays": onSubscription((_, __, { subscriptions }, name) => {
    delete subscriptions[name];
  }),
  "a subscription is disabled": onSubscription((_, subscription) => {
    subscription.enabled = false;
  }),
  "a subscription lets go of its slot": onSubscription((_, subscription) => {
    subscription.enabled = false;
    subscription.slot = null;
  }),
  "options are changed": onSubscription((_, subscription, __, ___, pick) => {
    subscription.options = JSON.stringify(JSON.parse(subscription.options).with(pick % 2 === 0 ? 4 : 0, null));
  }),
  "a connection is changed": onSubscription((_, subscription) => {
    subscription.conninfo = subscription.conninfo.replace("sslmode=verify-full", "sslmode=require");
  }),
  "a subscription leaves a publication": onSubscription((_, subscription, __, ___, pick) => {
    if (subscription.publications.length === 1) return;
    const leaves = pickOf(subscription.publications, pick);
    subscription.publications = subscription.publications.filter((name) => name !== leaves);
  }),
  "a slot is dropped": onSubscription((world, subscription) => {
    delete publisherOf(world).slots[subscription.slot ?? ""];
  }),
  "a slot loses WAL": onSubscription((world, subscription) => {
    const slot = publisherOf(world).slots[subscription.slot ?? ""];
    if (slot !== undefined) slot.lost = true;
  }),
  "a slot of a copy is left": onSubscription((world, subscription, data, _, pick) => {
    const table = pickOf(Object.keys(subscription.tables), pick);
    if (table === undefined || subscription.tables[table] !== "r") return;
    publisherOf(world).slots[syncSlotOf(data, subscription, table)] = { confirmed: world.position, lost: false };
  }),
  "an origin is left": onSubscription((world, _, { orphanedOrigins }) => {
    orphanedOrigins.push(`pg_${++world.counter}`);
  }),
  "a subscription is refreshed": onSubscription((world, subscription) => {
    const { publications } = publisherOf(world);
    for (const table of Object.keys(subscription.tables)) {
      const published = subscription.publications.some((name) => {
        const publication = publications[name];
        return publication?.tables[table] !== undefined || publication?.schemas[schemaOf(table)] !== undefined;
      });
      if (!published) delete subscription.tables[table];
    }
  }),
  "a volume is lost": (world, pick) => {
    const node = world.nodes[pickOf(subscribersOf(world), pick) ?? ""];
    if (node !== undefined) Object.assign(node, { data: undefined, runtime: undefined });
  },
  "a container is stopped": (world, pick) => {
    const node = world.nodes[pickOf(Object.keys(world.nodes), pick) ?? ""];
    if (node !== undefined) node.running = false;
  },
  "the user puts rows into a table": (world, pick) => {
    const data = world.nodes[pickOf(subscribersOf(world), pick) ?? ""]?.data;
    const rows = Object.entries(data?.tables ?? {}).filter(([table]) => schemaOf(table) !== "postgres_cluster");
    const found = pickOf(rows, pick);
    if (found !== undefined) found[1].own += 10;
  },
  "privileges are taken": (world, pick) => {
    const { privileges } = publisherOf(world);
    const role = pickOf(Object.keys(privileges), pick);
    if (role !== undefined) privileges[role] = [];
  },
  "a publication is dropped": onPublication(() => undefined),
  "a publication is dropped and made again": onPublication((world, publication, { pass }) => {
    pass(undefined);
    return { ...publication, oid: ++world.counter };
  }),
  "other operations are published": onPublication((_, publication) => ({ ...publication, operations: ["insert"] })),
  "a table is taken from a publication": onPublicationTable((_, publication, table) => without(publication, table)),
  "a table is taken from a publication and put back": onPublicationTable((world, publication, table, pass) => {
    pass(without(publication, table));
    const { columns, where } = publication.tables[table]!;
    const entry = { columns, where, oid: ++world.counter };
    return { ...publication, tables: { ...publication.tables, [table]: entry } };
  }),
  "a filter is changed": onPublicationTable((world, publication, table) => {
    const entry = { columns: publication.tables[table]!.columns, where: "(y > 99)", oid: ++world.counter };
    return { ...publication, tables: { ...publication.tables, [table]: entry } };
  }),
  // Where a column list is published too, that ends the stream for ever, and a person has to decide what is to be lost.
  "a schema is published as well": onPublication((world, publication) =>
    Object.values(publisherOf(world).publications).some(({ tables }) =>
      Object.values(tables).some(({ columns }) => columns !== null),
    )
      ? publication
      : { ...publication, schemas: { ...publication.schemas, public: publication.schemas.public ?? ++world.counter } },
  ),
  "a publication's entry in our books is removed": (world, pick) => {
    const records = publisherOf(world).books?.publications ?? {};
    delete records[pickOf(Object.keys(records), pick) ?? ""];
  },
  "a copied table's entry in our books is removed": onSubscription((_, subscription, { books }, __, pick) => {
    delete books?.copiedTables[pickOf(Object.keys(subscription.tables), pick) ?? ""];
  }),
} satisfies Record<string, Fault>;

function pickOf<T>(all: readonly T[], pick: number): T | undefined {
  return all[pick % Math.max(1, all.length)];
}

function subscribersOf({ nodes, publisher }: LogicalWorld): string[] {
  return Object.keys(nodes).filter((name) => name !== publisher);
}

type OnSubscription = (
  world: LogicalWorld,
  subscription: Subscription,
  data: LogicalData,
  name: string,
  pick: number,
) => void;

function onSubscription(fault: OnSubscription): Fault {
  return (world, pick) => {
    const all = Object.values(world.nodes).flatMap(({ data, running }) =>
      data === undefined || !running ? [] : Object.entries(data.subscriptions).map((found) => ({ data, found })),
    );
    const one = pickOf(all, pick);
    if (one !== undefined) fault(world, one.found[1], one.data, one.found[0], Math.floor(pick / all.length));
  };
}

/** Returns what the publication is in the end; `pass` lets time pass while it is something else. */
type OnPublication = (world: LogicalWorld, publication: Publication, context: Context) => Publication | undefined;

interface Context {
  readonly pick: number;
  readonly pass: (meanwhile: Publication | undefined) => void;
}

function onPublication(fault: OnPublication): Fault {
  return (world, pick) => {
    const publisher = publisherOf(world);
    const found = pickOf(Object.keys(publisher.publications), pick);
    if (found === undefined) return;
    const count = Object.keys(publisher.publications).length;
    const pass = (publication: Publication | undefined) => {
      const { [found]: _, ...others } = publisher.publications;
      publisher.publications = publication === undefined ? others : { ...others, [found]: publication };
      settle(world);
    };
    pass(fault(world, publisher.publications[found]!, { pass, pick: Math.floor(pick / count) }));
  };
}

function onPublicationTable(
  fault: (world: LogicalWorld, publication: Publication, table: string, pass: Context["pass"]) => Publication,
): Fault {
  return onPublication((world, publication, { pick, pass }) => {
    const table = pickOf(Object.keys(publication.tables), pick);
    return table === undefined ? publication : fault(world, publication, table, pass);
  });
}

function without(publication: Publication, table: string): Publication {
  const { [table]: _, ...tables } = publication.tables;
  return { ...publication, tables };
}
