import { describe, expect, test } from "vitest";
import { matchesVerifier, scramVerifier } from "../../../operations/scram.ts";

/** rolpassword of a real server (PostgreSQL 17.11) after `CREATE ROLE … PASSWORD …` and, for the last, `SET scram_iterations = 1`. */
const recorded = [
  {
    password: "pencil",
    verifier:
      "SCRAM-SHA-256$4096:N1AiIw7v80iCaCZllKeigA==$+esNcxWPhkG51e5Af9D707JECjEJ5Ef8nKO+P702dGg=:6g3WwJEaws8y2kU8wW2J16G5/pvC0RIStdcQ8T9Oclk=",
  },
  {
    password: "a b",
    verifier:
      "SCRAM-SHA-256$4096:p7l1JmXHcQVpgo2qm962tA==$6LgDH4XZ0m7pbUO0sMLUc2OfBhUK+/SzF+tGkOb+j/w=:FSUDt3CetY/1NU2i2+7bcFCvw8xjKmhVoALCZD95qkE=",
  },
  {
    password: "IX ⅸ",
    verifier:
      "SCRAM-SHA-256$4096:6/uVDDWchZOsOIYXcEJnaQ==$diNX4gnruY1LFm3JRq75f+Ubj6YLUH9w8cwv3ZPKRws=:s7z4VQCouvNzx9MWqoQ9MftghYV72kPMfM0kAohyUBQ=",
  },
  {
    password: "grüße 密码",
    verifier:
      "SCRAM-SHA-256$4096:vLrn+orLf6zTsgWTJ5rrRg==$b/KyKkiPQ43/nhrURRgs5Pm/Dnq244R5iI3BgUqzuhI=:81sJhzBoombkVt8GbkLWJqRo+ZUKsE8e15dRrmNn9Jg=",
  },
];

describe("PostgreSQL's own verifiers", () => {
  test.each(recorded)("of $password are computed alike", ({ password, verifier }) => {
    const [, rounds, salt] = /\$(\d+):([^$]+)\$/.exec(verifier)!;
    expect(scramVerifier(password, Buffer.from(salt!, "base64"), Number(rounds))).toBe(verifier);
    expect(matchesVerifier(password, verifier)).toBe(true);
    expect(matchesVerifier(`${password}.`, verifier)).toBe(false);
  });
});

test("the example of RFC 7677", () => {
  // Its StoredKey and ServerKey, computed from password `pencil`, salt and 4096 rounds; the RFC's ServerSignature is HMAC(ServerKey, AuthMessage).
  const verifier = scramVerifier("pencil", Buffer.from("W22ZaJ0SNY7soEsUEjb6gQ==", "base64"), 4096);
  expect(verifier).toBe(
    "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=",
  );
});

test("every verifier has a salt of its own", () => {
  const [one, other] = [scramVerifier("pencil"), scramVerifier("pencil")];
  expect(one).not.toBe(other);
  expect(matchesVerifier("pencil", one)).toBe(true);
  expect(matchesVerifier("pencil", other)).toBe(true);
});

test.each([
  ["no password", null],
  ["nothing", ""],
  ["md5", "md5d41d8cd98f00b204e9800998ecf8427e"],
  ["plain text", "pencil"],
  ["a cut off verifier", recorded[0]!.verifier.slice(0, -1)],
  ["a verifier with something added", `${recorded[0]!.verifier}=`],
])("%s is no password's verifier", (_, stored) => {
  expect(matchesVerifier("pencil", stored)).toBe(false);
});
