import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { configurationValue } from "../../../../configs/render/configurationValue.ts";
import { connectionString } from "../../../../configs/render/connectionString.ts";
import { renderPassfile } from "../../../../configs/render/passfile.ts";

/** Letters, and everything that any of the formats treats specially. */
const text = fc.string({
  unit: fc.constantFrom(..."'\\\n\t\r\b\f abcN019.:_/=#$\"é€😀".split(/(?:)/u)),
  maxLength: 20,
});

describe("configuration values", () => {
  /** How PostgreSQL reads a value (guc-file.l): a model, itself checked against a server. */
  function readBack(written: string): string {
    if (!written.startsWith("'")) return written;
    const special: Record<string, string> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };
    return written
      .slice(1, -1)
      .replace(/\\(.)|''/gsu, (_, escaped?: string) => (escaped ? (special[escaped] ?? escaped) : "'"));
  }

  test("are read back as they were, on one line", () => {
    fc.assert(
      fc.property(text, (value) => {
        const written = configurationValue(value);
        expect(written).toMatch(/^(?:'(?:[^'\\\n]|\\.|'')*'|[-\w.]+)$/u);
        expect(readBack(written)).toBe(value);
      }),
    );
  });

  test.each([
    ["8MB", "8MB"],
    ["-1", "-1"],
    ["0.5", "0.5"],
    ["on", "on"],
    ["", "''"],
    ["Europe/Berlin", "'Europe/Berlin'"],
    ["8 MB", "'8 MB'"],
    ["it's", "'it''s'"],
    ["a\\b\n", "'a\\\\b\\n'"],
  ])("%j is written %s", (value, written) => {
    expect(configurationValue(value)).toBe(written);
  });

  test("a NUL byte is a bug", () => expect(() => configurationValue("\0")).toThrow(/NUL/));
});

describe("connection strings", () => {
  /** How libpq reads one (conninfo_parse). */
  function readBack(written: string): Record<string, string> {
    const pairs = [...written.matchAll(/(\w+)=(?:'((?:[^'\\]|\\.)*)'|((?:[^\s'\\]|\\.)*))(?: |$)/gsu)];
    expect(pairs.map(([all]) => all).join("")).toBe(written);
    return Object.fromEntries(
      pairs.map(([, keyword, quoted, bare]) => [keyword, (quoted ?? bare ?? "").replace(/\\(.)/gsu, "$1")]),
    );
  }

  test("are read back as they were", () => {
    fc.assert(
      fc.property(fc.record({ host: text, user: text, passfile: text }), (parameters) => {
        expect(readBack(connectionString(parameters))).toEqual(parameters);
      }),
    );
  });

  test("a NUL byte is a bug", () => expect(() => connectionString({ host: "\0" })).toThrow(/NUL/));
});

describe("the passfile", () => {
  /** How libpq reads a line (passwordFromFile): fields end at a bare colon, a backslash takes the next character as it is. */
  const fields = (line: string) =>
    [...line.matchAll(/((?:[^:\\]|\\.)*)(?::|$)/gsu)].slice(0, 5).map(([, field]) => field?.replace(/\\(.)/gsu, "$1"));

  test("has a line for each role that nodes use against each other", () => {
    expect(renderPassfile({ replicator: "a:b", rewind: "c\\d" })).toBe(
      "*:5432:*:replicator:a\\:b\n*:5432:*:rewind:c\\\\d\n",
    );
  });

  test("is read back as it was", () => {
    const password = text.filter((value) => value !== "" && !/[\n\r]/.test(value));
    fc.assert(
      fc.property(password, password, (replicator, rewind) => {
        const lines = renderPassfile({ replicator, rewind }).split("\n");
        expect(lines.map(fields).slice(0, 2)).toEqual([
          ["*", "5432", "*", "replicator", replicator],
          ["*", "5432", "*", "rewind", rewind],
        ]);
      }),
    );
  });

  test.each(["", "a\nb", "a\0b"])("cannot hold %j", (password) => {
    expect(() => renderPassfile({ replicator: password, rewind: "x" })).toThrow(/password/);
  });
});
