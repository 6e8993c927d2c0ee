import type pg from "pg";
import type { NodeContainer } from "../../docker.ts";
import { connect } from "../../sql.ts";

/** A connection to the application's database of one node, or why there is none: that is a finding, not the end of a probe. */
export interface Session {
  readonly node: string;
  readonly client: pg.Client | Error;
}

export interface OpenSession extends Session {
  readonly client: pg.Client;
}

/** Sessions that the user's own timeouts do not end, and that print every value in the same way on every node. */
const settings = `
set statement_timeout = 0; set lock_timeout = 0; set idle_in_transaction_session_timeout = 0; set transaction_timeout = 0;
set datestyle = 'ISO'; set timezone = 'UTC'; set intervalstyle = 'postgres'; set extra_float_digits = 1;
set bytea_output = 'hex'; set lc_monetary = 'C'; set search_path = public`;

export async function openSession(node: string, container: NodeContainer, database: string): Promise<Session> {
  try {
    const client = await connect(container, database);
    await client.query(settings).catch(async (error) => {
      await client.end();
      throw error;
    });
    return { node, client };
  } catch (error) {
    return { node, client: error as Error };
  }
}

export function isOpen(session: Session): session is OpenSession {
  return !(session.client instanceof Error);
}

/** Whatever a session held (locks, a snapshot, a transaction) goes with it. */
export async function closeSessions(sessions: readonly Session[]): Promise<void> {
  await Promise.all(sessions.filter(isOpen).map(({ client }) => client.end()));
}
