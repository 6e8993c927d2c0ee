import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { withSalt } from "../../../toolchain/state/stack.ts";
import { listStacks, readStackConfig } from "../../../toolchain/state/stackConfig.ts";

let project: string;
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "stack-config-"));
  mkdirSync(join(project, "configs"));
});
afterEach(() => rmSync(project, { recursive: true }));
const write = (stack: string, text: string) => writeFileSync(join(project, "configs", `Pulumi.${stack}.yaml`), text);

describe("a stack's config file", () => {
  test.each([
    ["plain", "config: {}\n", { encryptionSalt: undefined, hasSecrets: false }],
    [
      "with a salt",
      "config: {}\nencryptionsalt: v1:a=:v1:b:c\n",
      { encryptionSalt: "v1:a=:v1:b:c", hasSecrets: false },
    ],
    ["with a secret", "config:\n  p:key:\n    secure: v1:x\n", { encryptionSalt: undefined, hasSecrets: true }],
    [
      "with a secret in flow style",
      "config:\n  p:key: {secure: v1:x}\n",
      { encryptionSalt: undefined, hasSecrets: true },
    ],
  ])("%s", (_case, text, expected) => {
    write("quorum", text);
    expect(readStackConfig(project, "quorum")).toMatchObject({ stack: "quorum", text, ...expected });
  });

  test("that does not exist: the error lists the stacks that do", () => {
    write("quorum", "");
    write("async", "");
    expect(listStacks(project)).toEqual(["async", "quorum"]);
    expect(() => readStackConfig(project, "prod")).toThrow(/no stack "prod".*async, quorum/);
  });
});

test.each([
  ["# mine\nconfig:\n\n  a:   {b: 1} # kept\n", "# mine\nconfig:\n\n  a:   {b: 1} # kept\nencryptionsalt: S\n"],
  ["config: {}", "config: {}\nencryptionsalt: S\n"],
  ["encryptionsalt: old\nconfig: {}\n", "config: {}\nencryptionsalt: S\n"],
  ["", "encryptionsalt: S\n"],
])("a salt is one line at the end; every other byte stays (%j)", (text, expected) => {
  expect(withSalt(text, "S")).toBe(expected);
});

test("in a file that is one mapping in braces a salt is an entry of it", () => {
  const json = '{"config": {"postgres-cluster:mode": "async"}}\n';
  write("json", withSalt(json, "v1:a=:v1:b:c"));
  const { text, encryptionSalt } = readStackConfig(project, "json");
  expect(encryptionSalt).toBe("v1:a=:v1:b:c");
  expect(parse(text)).toEqual({ config: { "postgres-cluster:mode": "async" }, encryptionsalt: "v1:a=:v1:b:c" });
  expect(parse(withSalt(text, "other"))).toMatchObject({ encryptionsalt: "other" });
});
