import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type GeneratorJob, generatorFiles, positionOf } from "../../../../operations/load/generatorFiles.ts";
import { desiredOf } from "../support/desired.ts";

const job: GeneratorJob = {
  node: "pg-2",
  script: ["select :position;"],
  transactions: 10,
  clients: 3,
  rate: 5,
  variables: { highest: 7 },
  applicationName: "postgres-cluster load it's",
};

function filesOf(changes: Partial<GeneratorJob> = {}, passwords = "sec:ret\\") {
  const entries = generatorFiles(desiredOf({ passwords }), { ...job, ...changes });
  return new Map(entries.map((entry) => [entry.path, "text" in entry ? entry : { text: "", mode: 0 }]));
}

describe("the turns of the clients", () => {
  test("make up every position exactly once, whatever the numbers", () => {
    const some = fc.integer({ min: 1, max: 200 });
    fc.assert(
      fc.property(some, some, (transactions, clients) => {
        const turns = Math.ceil(transactions / clients);
        const positions = Array.from({ length: clients * turns }, (_, index) =>
          positionOf(index % clients, Math.floor(index / clients) + 1, clients),
        );
        const wanted = Array.from({ length: transactions }, (_, index) => index + 1);
        expect(positions.filter((each) => each <= transactions).sort((a, b) => a - b)).toEqual(wanted);
      }),
    );
  });
});

describe("pgbench's files", () => {
  test("hold the password in a passfile, escaped, for its own user only, and nowhere else", () => {
    const files = filesOf();
    expect(files.get("load/pg-2/passfile")).toMatchObject({ text: "*:*:*:app:sec\\:ret\\\\-owner\n", mode: 0o600 });
    for (const [path, { text }] of files) if (!path.endsWith("passfile")) expect(text).not.toMatch(/sec.{0,2}ret/);
  });

  test("start it at the node's published port, with verify-full", () => {
    const { text, mode } = filesOf().get("load/pg-2/pgbench")!;
    expect(mode).toBe(0o700);
    for (const word of ["host=127.0.0.1", "port=5433", "user=app", "dbname=app", "sslmode=verify-full"]) {
      expect(text).toContain(word);
    }
    for (const option of ["'--client=3'", "'--transactions=4'", "'--rate=5'", "'--define=highest=7'"]) {
      expect(text).toContain(option);
    }
    expect(filesOf({ clients: 8, transactions: 8 }).get("load/pg-2/pgbench")!.text).toContain("'--transactions=1'");
  });

  test("survive a shell: no quote ends early", () => {
    expect(filesOf().get("load/pg-2/pgbench")!.text).toContain(`load it\\'\\''s`);
  });

  test("number the transactions and leave out those that are too many", () => {
    expect(filesOf().get("load/pg-2/transaction.sql")!.text.split("\n")).toEqual([
      "\\set turn :turn + 1",
      "\\set position :client_id + 1 + :clients * :turn",
      "\\if :position <= :transactions",
      "select :position;",
      "\\endif",
      "",
    ]);
  });
});
