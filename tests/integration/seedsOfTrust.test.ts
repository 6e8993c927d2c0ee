import { describe, expect } from "vitest";
import type { ClientContainer } from "./support/clientContainer.ts";
import { clusterTest } from "./support/clusterTest.ts";
import type { ThrowawayStack } from "./support/throwawayStack.ts";

const test = clusterTest({ mode: "quorum" }).extend<{
  $file: { client: ClientContainer };
}>({
  client: [
    async ({ stack }, use) => {
      await stack.up();
      await use(await stack.client());
    },
    { scope: "file" },
  ],
});

describe("psql from outside, with the printed connection strings", () => {
  test("finds the primary and writes, over TLS that it has checked, with SCRAM", async ({ stack, client }) => {
    const { connectionString } = await stack.outputs();
    const written = await client.psql(
      connectionString,
      "create table seed (planted text)",
      "insert into seed values ('oak')",
      "select pg_is_in_recovery(), ssl, version from pg_stat_ssl where pid = pg_backend_pid()",
      "select system_user",
    );
    expect(written, written.stderr).toMatchObject({ exitCode: 0 });
    expect(written.stdout.trim().split("\n").slice(-2)).toEqual(["f|t|TLSv1.3", "scram-sha-256:app"]);
  });

  test("finds a standby, reads there, and is refused a write", async ({ stack, client }) => {
    const { readOnlyConnectionString } = await stack.outputs();
    const read = await client.psql(readOnlyConnectionString, "select pg_is_in_recovery(), planted from seed");
    expect(read, read.stderr).toMatchObject({ exitCode: 0, stdout: "t|oak\n" });
    const write = await client.psql(readOnlyConnectionString, "insert into seed values ('beech')");
    expect(write.exitCode).not.toBe(0);
    expect(write.stderr).toContain("cannot execute INSERT in a read-only transaction");
  });

  test("reads on every single standby, and writes on none", async ({ stack, client }) => {
    for (const node of ["pg-2", "pg-3"]) {
      const uri = await uriOf(stack, node);
      expect(await client.psql(uri, "select planted from seed")).toMatchObject({ exitCode: 0, stdout: "oak\n" });
      const write = await client.psql(uri, "delete from seed");
      expect(write.stderr).toContain("cannot execute DELETE in a read-only transaction");
    }
  });

  test("is refused without TLS, by every node", async ({ stack, client }) => {
    for (const node of stack.nodeNames) {
      const refused = await client.psql(await uriOf(stack, node, { sslmode: "disable" }), "select 1");
      expect(refused.exitCode).not.toBe(0);
      expect(refused.stderr).toContain("pg_hba.conf rejects connection");
      expect(refused.stderr).toContain("no encryption");
    }
  });

  test("does not trust a server that another CA vouches for", async ({ stack, client }) => {
    const otherCa = await client.makeOtherAuthority();
    const uri = await uriOf(stack, "pg-1", { sslrootcert: otherCa });
    const refused = await client.psql(uri, "select 1");
    expect(refused.exitCode).not.toBe(0);
    expect(refused.stderr).toContain("certificate verify failed");
  });

  test("does not trust a server under a name that its certificate does not have", async ({ stack, client }) => {
    const uri = (await uriOf(stack, "pg-1", { hostaddr: "127.0.0.1" })).replace("@127.0.0.1:", "@elsewhere.test:");
    const refused = await client.psql(uri, "select 1");
    expect(refused.exitCode).not.toBe(0);
    expect(refused.stderr).toMatch(/server certificate for .* does not match host/);
  });

  test("is refused with a wrong password, by every node", async ({ stack, client }) => {
    for (const node of stack.nodeNames) {
      const uri = (await uriOf(stack, node)).replace(/:[^:@]+@/, ":wrong@");
      const refused = await client.psql(uri, "select 1");
      expect(refused.exitCode).not.toBe(0);
      expect(refused.stderr).toContain('password authentication failed for user "app"');
    }
  });

  test("can be no superuser and no role of the cluster's own, whatever its password", async ({ stack, client }) => {
    const { passwords } = await stack.desired();
    const tries = { postgres: passwords.owner, replicator: passwords.replicator, rewind: passwords.rewind };
    for (const [role, password] of Object.entries(tries)) {
      const uri = (await uriOf(stack, "pg-1")).replace(/\/\/app:[^@]+@/, `//${role}:${password}@`);
      const refused = await client.psql(uri, "select 1");
      expect(refused.exitCode).not.toBe(0);
      expect(refused.stderr).toContain("pg_hba.conf rejects connection");
    }
  });
});

describe("pgbench from outside", () => {
  test("initialises and runs through the printed connection string", async ({ stack, client }) => {
    const { connectionString, readOnlyConnectionString } = await stack.outputs();
    const initialised = await client.pgbench(connectionString, "--initialize", "--scale=1", "--quiet");
    expect(initialised, initialised.stderr).toMatchObject({ exitCode: 0 });
    const run = await client.pgbench(connectionString, "--client=4", "--transactions=200", "--no-vacuum");
    expect(run, run.stderr).toMatchObject({ exitCode: 0 });
    expect(run.stdout).toContain("number of transactions actually processed: 800/800");
    expect(run.stdout).toContain("number of failed transactions: 0 ");
    const reads = await client.pgbench(
      readOnlyConnectionString,
      "--select-only",
      "--client=4",
      "--transactions=200",
      "--no-vacuum",
    );
    expect(reads.stdout, reads.stderr).toContain("number of transactions actually processed: 800/800");
    await stack.expectVerified();
  });
});

/** The connection string of one node: that of the outputs with one host, and with some parameters replaced. */
async function uriOf(stack: ThrowawayStack, node: string, parameters: Record<string, string> = {}): Promise<string> {
  const { connectionString, endpoints } = await stack.outputs();
  const { host, port } = endpoints.find(({ name }) => name === node)!;
  const uri = new URL(connectionString.replace(/@[^/]+\//, `@${host}:${port}/`));
  uri.searchParams.delete("target_session_attrs");
  for (const [name, value] of Object.entries(parameters)) uri.searchParams.set(name, value);
  return uri.href;
}
