import pg from "pg";
import { clientHost } from "../configs/clientHost.ts";
import type { Desired } from "./desired.ts";

/**
 * How the application connects to a node: published port, TLS with verify-full, SCRAM, as the role that owns the database.
 * `name` is its application_name; nothing takes longer than `bound` milliseconds. Holds a password: never print it.
 */
export function applicationConnection(
  { plan, passwords, nodes, caCertificate }: Desired,
  node: string,
  { name, bound }: { readonly name: string; readonly bound: number },
) {
  const { publishAddress, port } = nodes[node]!.plan;
  return {
    host: clientHost(publishAddress),
    port,
    user: plan.owner,
    database: plan.database,
    password: passwords.owner,
    application_name: name,
    connectionTimeoutMillis: bound,
    query_timeout: bound,
    // `ca` alone makes Node check the chain and that the certificate names the host: libpq's verify-full.
    ssl: { ca: caCertificate },
  } satisfies pg.ClientConfig;
}

/** Runs `work` on a connection, which is ended in any case. */
export async function withClient<T>(config: pg.ClientConfig, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(config);
  client.on("error", () => {}); // the query at work reports it
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => {});
  }
}
