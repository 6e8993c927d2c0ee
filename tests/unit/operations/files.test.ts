import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { environmentName, releaseOf } from "../../../operations/files.ts";

test.each([
  ["pg_hba.conf", "PG_HBA_CONF"],
  ["postgresql.conf", "POSTGRESQL_CONF"],
  ["tls/server.crt", "TLS_SERVER_CRT"],
])("%s is carried in the environment as %s", (file, name) => {
  expect(environmentName(file)).toBe(name);
});

describe("a release", () => {
  const files = fc.dictionary(fc.string(), fc.string());

  test("is 16 hex digits, whatever order the files come in", () => {
    fc.assert(
      fc.property(files, (some) => {
        const reversed = Object.fromEntries(Object.entries(some).reverse());
        expect(releaseOf(some)).toMatch(/^[0-9a-f]{16}$/);
        expect(releaseOf(reversed)).toBe(releaseOf(some));
      }),
    );
  });

  test.each([
    ["a text", { a: "2", b: "2" }],
    ["a path", { c: "1", b: "2" }],
    ["a file more", { a: "1", b: "2", c: "" }],
    ["a file less", { a: "1" }],
    ["what is in which file", { a: "2", b: "1" }],
  ])("changes with %s", (_, other) => {
    expect(releaseOf(other as Record<string, string>)).not.toBe(releaseOf({ a: "1", b: "2" }));
  });
});
