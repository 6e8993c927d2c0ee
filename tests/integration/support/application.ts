import pg from "pg";
import type { ThrowawayStack } from "./throwawayStack.ts";

/** Logs in as an application does, on the published port of a node: TLS, the CA of the outputs, the owner's password or another. */
export async function connectApplication(
  stack: ThrowawayStack,
  node = "pg-1",
  otherPassword?: string,
): Promise<pg.Client> {
  const { connectionString, caCertificate, endpoints } = await stack.outputs();
  const { host, port } = endpoints.find(({ name }) => name === node)!;
  const password = otherPassword ?? ownerPassword(connectionString);
  const client = new pg.Client({ host, port, user: "app", database: "app", password, ssl: { ca: caCertificate } });
  await client.connect();
  return client;
}

export function ownerPassword(connectionString: string): string {
  return /^postgresql:\/\/app:([^@]+)@/.exec(connectionString)![1]!;
}
