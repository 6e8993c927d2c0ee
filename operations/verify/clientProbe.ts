import type pg from "pg";
import { applicationConnection, withClient } from "../applicationConnection.ts";
import type { Desired } from "../desired.ts";

export interface ClientProbe {
  /** Why a client with the right password and the right CA could not log in. */
  readonly error?: string;
  /** TLS version and cipher of the client's connection. */
  readonly tls?: string;
  readonly write?: "accepted" | "refused";
  readonly writeError?: string;
  readonly withoutTls?: "accepted" | "refused";
  /** What is in force, whatever the files say. */
  readonly withWrongPassword?: "accepted" | "refused";
}

const readOnlyTransaction = "25006";
const invalidAuthorization = "28000";
const invalidPassword = "28P01";

/** Logs in as the application does: published port, TLS with verify-full, SCRAM; tries a write, and tries to get in without TLS and with a
 * wrong password. Leaves nothing. */
export async function probeClient(desired: Desired, node: string, bound: number): Promise<ClientProbe> {
  const connection = applicationConnection(desired, node, { name: "postgres-cluster verify", bound });
  try {
    return await withClient(connection, async (client) => {
      const { rows } = await client.query("select version, cipher from pg_stat_ssl where pid = pg_backend_pid()");
      const write = await tryWrite(client);
      const [withoutTls, withWrongPassword] = await Promise.all([
        tryLogin({ ...connection, ssl: false }, invalidAuthorization),
        tryLogin({ ...connection, password: `not ${connection.password}` }, invalidPassword),
      ]);
      return { tls: `${rows[0].version} ${rows[0].cipher}`, ...write, withoutTls, withWrongPassword };
    });
  } catch (error) {
    return { error: (error as Error).message };
  }
}

async function tryWrite(client: pg.Client): Promise<Pick<ClientProbe, "write" | "writeError">> {
  try {
    // Needs no table and no right beyond the owner's; gone with the rollback.
    await client.query("begin; create schema postgres_cluster_probe; rollback");
    return { write: "accepted" };
  } catch (error) {
    const { code, message } = error as Error & { code?: string };
    if (code === readOnlyTransaction) return { write: "refused", writeError: message };
    throw error;
  }
}

/** Any other failure than the refusal that is expected is an error: it proves nothing. */
async function tryLogin(connection: pg.ClientConfig, refusal: string): Promise<"accepted" | "refused"> {
  try {
    return await withClient(connection, async () => "accepted" as const);
  } catch (error) {
    if ((error as { code?: string }).code === refusal) return "refused";
    throw error;
  }
}
