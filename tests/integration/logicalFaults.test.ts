import { describe, expect } from "vitest";
import { clusterTest } from "./support/clusterTest.ts";
import { expectFound } from "./support/expectFound.ts";
import { figures } from "./support/figures.ts";
import { logicalCluster, logicalFaults, logicalSchema } from "./support/logicalFaults.ts";
import { RowWriter } from "./support/rowWriter.ts";
import { verifyTimes } from "./support/verifyTimes.ts";

const test = clusterTest(logicalCluster);

describe("a healthy logical cluster", () => {
  test("gives no false alarm in 20 verifications, half of them under load", async ({ stack }) => {
    await stack.writeSchemaFile("schema/001.sql", logicalSchema);
    await stack.up();
    const idle = await verifyTimes(stack, 10);
    await using writer = await RowWriter.start(stack, "events", { clients: 8 });
    const loaded = await verifyTimes(stack, 10);
    expect((await writer.stop()).errors).toEqual([]);
    console.log(`verification, idle: ${figures(idle)}; under load: ${figures(loaded)}`);
  });

  test("is compared as soon as a transaction that writes has ended", async ({ stack }) => {
    const slow = stack.appSql("pg-1", writeFor(2, 100_000_001));
    await stack.expectVerified();
    await slow;
  });

  test("is not called verified while somebody writes without an end", async ({ stack }) => {
    const endless = stack.appSql("pg-1", writeFor(14, 100_000_002));
    const failed = (await stack.verify()).findings.filter(({ ok }) => !ok);
    expect(failed).toMatchObject([
      {
        check: "row-parity",
        detail: expect.stringMatching(/events is written by postgres-cluster, pid \d+, for 1\d s/),
      },
    ]);
    await endless;
    await stack.expectVerified();
  });

  test("sets its sequences on the subscribers when it is told to", async ({ stack }) => {
    const insert =
      "insert into items (kind) select case when g % 2 = 0 then 'even' else 'odd' end from generate_series(1, 100) g";
    await stack.appSql("pg-1", insert);
    expect(await behind()).toEqual(["pg-2: 100 values", "pg-3: 100 values"]);
    const { output } = await stack.start("sync-sequences").succeeded();
    expect(output).toMatch(/pg-2: public\.items_id_seq from its start to 100/);
    expect(await behind()).toEqual([]);

    async function behind(): Promise<string[]> {
      const { findings } = await stack.expectVerified();
      const found = findings.filter(({ check, detail }) => check === "sequences" && detail.includes("values behind"));
      return found.map(({ node, detail }) => `${node}: ${/\d+ values/.exec(detail)![0]}`);
    }
  });
});

describe("the verification finds, for the right reason, and the advised repair mends, that", () => {
  test.for(logicalFaults)("$title", async (fault, { stack }) => {
    await stack.appSql("pg-1", "truncate events");
    await stack.appSql("pg-1", "insert into events select g, 0, 'row' from generate_series(1, 1000) g");
    await stack.expectVerified();
    await expectFound(fault, stack);
  });
});

/** One statement, and so one transaction, that holds what it has written for some seconds. */
function writeFor(seconds: number, id: number): string {
  return `with written as (insert into events values (${id}, 0, 'slow') returning id) select pg_sleep(${seconds}) from written`;
}
