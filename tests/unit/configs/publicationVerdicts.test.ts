import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { sha256 } from "../../../configs/sha256.ts";
import { logicalFaults } from "./logicalSpecs.ts";
import {
  type Candidate,
  candidates,
  describeCandidate,
  question,
  schemas,
  typed,
  unfollowed,
} from "./publicationVerdicts/candidates.ts";

/** What a real PostgreSQL 17 said to every candidate, `+` or `-`; publicationVerdicts/record.ts recorded it. */
const recorded: { questions: string; verdicts: Record<string, string> } = JSON.parse(
  readFileSync(new URL("publicationVerdicts/postgresql17.json", import.meta.url), "utf8"),
);

const faultsFor = ({ schema, columns, where, operations }: Candidate) =>
  logicalFaults(
    {
      publications: [
        {
          name: "p",
          tables: [{ name: "t", ...(columns && { columns }), ...(where !== undefined && { where }) }],
          operations,
        },
      ],
    },
    { "schema.sql": schemas[schema]! },
  );

test("the recorded verdicts are those of today's candidates", () => {
  expect(sha256(candidates().map(question).join("\n"))).toBe(recorded.questions);
});

describe("validation agrees with PostgreSQL 17 on a table", () => {
  test.each(Object.keys(schemas))("%s", (name) => {
    const disagreements = candidates()
      .filter(({ schema }) => schema === name)
      .flatMap((candidate, index) => {
        const accepted = recorded.verdicts[name]?.[index] === "+";
        const faults = faultsFor(candidate);
        // Of what is not followed, nothing is refused that PostgreSQL takes; the rest is judged on the publisher.
        const agrees = accepted
          ? faults === ""
          : faults !== "" || unfollowed.has(name) || typed.has(candidate.where ?? "");
        return agrees
          ? []
          : `${accepted ? "taken" : "refused"} by PostgreSQL: ${describeCandidate(candidate)}\n${faults}`;
      });
    expect(disagreements).toEqual([]);
  });
});
