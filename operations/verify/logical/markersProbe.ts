import { randomUUID } from "node:crypto";
import { ownSchema } from "../../../configs/ownSchema.ts";
import { until } from "../../until.ts";
import { isOpen, type OpenSession, type Session } from "./session.ts";

/** In the order in which they are tried. */
export const markerStages = ["insert", "update", "delete", "truncate"] as const;
export type MarkerStage = (typeof markerStages)[number];

export interface MarkersProbe {
  /** Why the rows could not be written on the publisher. */
  readonly error?: string;
  readonly subscribers: Readonly<Record<string, MarkersSeen>>;
}

export interface MarkersSeen {
  /** Milliseconds from the commit on the publisher until it could be seen on the subscriber. */
  readonly seenAfter: Readonly<Partial<Record<MarkerStage, number>>>;
  /** Why the first stage that is missing was not seen. */
  readonly error?: string;
}

const table = `${ownSchema}.marker`;

/** What is done on the publisher, and the condition by which a subscriber sees it. `$1` is the run. */
const stages: Readonly<Record<MarkerStage, { readonly statement: string; readonly seen: string }>> = {
  insert: {
    statement: `insert into ${table} (run, row_number, value) values ('$1', 1, 1), ('$1', 2, 1)`,
    seen: "count(*) = 2",
  },
  update: {
    statement: `update ${table} set value = 2 where run = '$1' and row_number = 1`,
    seen: "count(*) filter (where row_number = 1 and value = 2) = 1",
  },
  delete: {
    statement: `delete from ${table} where run = '$1' and row_number = 2`,
    seen: "count(*) filter (where row_number = 2) = 0",
  },
  truncate: { statement: `truncate ${table}`, seen: "count(*) = 0" },
};

/** Writes rows of its own on the publisher, changes them in every way, and looks on each subscriber for each change. Leaves none. */
export async function probeMarkers(
  publisher: OpenSession,
  subscribers: readonly Session[],
  bound: number,
): Promise<MarkersProbe> {
  const run = randomUUID();
  const seen = new Map(subscribers.map((session) => [session, {} as Partial<Record<MarkerStage, number>>]));
  const errors = new Map<Session, string>();
  for (const stage of markerStages) {
    try {
      await publisher.client.query(stages[stage].statement.replaceAll("$1", run));
    } catch (error) {
      return { error: `${stage}: ${(error as Error).message}`, subscribers: {} };
    }
    const committedAt = performance.now();
    const look = async (session: Session) => {
      try {
        seen.get(session)![stage] = await awaitStage(session, stage, run, committedAt, bound);
      } catch (error) {
        errors.set(session, (error as Error).message);
      }
    };
    await Promise.all(subscribers.filter((session) => !errors.has(session)).map(look));
  }
  const entries = [...seen].map(([session, seenAfter]): [string, MarkersSeen] => {
    const error = errors.get(session);
    return [session.node, { seenAfter, ...(error !== undefined && { error }) }];
  });
  return { subscribers: Object.fromEntries(entries) };
}

async function awaitStage(
  session: Session,
  stage: MarkerStage,
  run: string,
  committedAt: number,
  bound: number,
): Promise<number> {
  if (!isOpen(session)) throw session.client;
  const query = `select ${stages[stage].seen} as seen from ${table} where run = $1`;
  const look = async () => ((await session.client.query(query, [run])).rows[0].seen ? performance.now() : undefined);
  const onTimeout = () => new Error("it did not arrive");
  return (await until(look, { timeout: bound, interval: 2, onTimeout })) - committedAt;
}
