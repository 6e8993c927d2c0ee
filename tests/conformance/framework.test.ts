import { describe, expect, test } from "vitest";
import { goDuration, nanoseconds } from "../../toolchain/plugins/docker/duration.ts";
import { checkInputs } from "../../toolchain/plugins/framework/checkInputs.ts";
import { diffState } from "../../toolchain/plugins/framework/diffState.ts";
import { markSecrets, plannedOutputs } from "../../toolchain/plugins/framework/plannedOutputs.ts";
import {
  decodeProperties,
  encodeProperties,
  type PropertyMap,
  Secret,
  unknown,
} from "../../toolchain/plugins/framework/propertyValue.ts";
import { readInputs } from "../../toolchain/plugins/framework/readInputs.ts";
import {
  boolean,
  integer,
  json,
  list,
  map,
  object,
  type ResourceSchema,
  set,
  string,
} from "../../toolchain/plugins/framework/resourceSchema.ts";

const schema: ResourceSchema = {
  token: "test:index:Thing",
  inputs: {
    name: string({ required: true, forceNew: true }),
    user: string({ forceNew: true, emptyKeeps: true }),
    found: string({ computed: true, forceNew: true }),
    size: integer(),
    on: boolean({ default: true }),
    names: list(string()),
    tags: set(string(), { forceNew: true }),
    environment: map(string()),
    check: object({ test: list(string()), interval: string({ default: "0s" }), retries: integer() }),
    ports: set(object({ internal: integer({ required: true }), ip: string({ default: "0.0.0.0" }) }), {
      forceNew: true,
    }),
    triggers: list(json()),
    mode: string({ allowed: ["a", "b"] }),
  },
  outputs: { result: string({ secret: true }), printed: string({ volatile: true }) },
};

describe("diffState", () => {
  const cases: [title: string, state: PropertyMap, inputs: PropertyMap, changes: string[]][] = [
    ["nothing", { name: "x" }, { name: "x" }, []],
    ["a replacing change", { name: "x" }, { name: "y" }, ["update! name"]],
    ["absence is the zero value", { size: 0, names: [], environment: {} }, {}, []],
    ["zero is absence", {}, { size: 0, names: [], environment: {} }, []],
    ["a value that goes", { size: 5 }, {}, ["delete size"]],
    ["a value that comes", { size: null }, { size: 5 }, ["add size"]],
    ["a default that is left out", { on: true }, {}, []],
    ["a default that drifted", { on: false }, {}, ["update on"]],
    ["what the provider found stays when left out", { found: "here" }, {}, []],
    ["what the provider found, given otherwise", { found: "here" }, { found: "there" }, ["update! found"]],
    ["an empty text that keeps", { user: "nobody" }, { user: "" }, []],
    ["a text left out that keeps", { user: "nobody" }, {}, []],
    ["an unknown", { size: 5 }, { size: unknown }, ["update size"]],
    ["an item of a list", { names: ["a", "b"] }, { names: ["a", "c"] }, ["update names[1]"]],
    ["items at a list's end", { names: ["a"] }, { names: ["a", "b"] }, ["add names[1]"]],
    ["another order of a set", { tags: ["a", "b"] }, { tags: ["b", "a"] }, []],
    ["a member of a set", { tags: ["a", "b"] }, { tags: ["a", "c"] }, ["update! tags[1]"]],
    ["a member that comes", { tags: ["a"] }, { tags: ["b", "a"] }, ["add! tags[0]"]],
    ["a member that goes", { tags: ["a", "b"] }, { tags: ["b"] }, ["delete! tags[0]"]],
    [
      "a map's entry",
      { environment: { A: "1", B: "2" } },
      { environment: { A: "1", B: "3" } },
      ["update environment.B"],
    ],
    [
      "names that need quotes",
      { environment: { a: "1" } },
      { environment: { a: "1", "b.c": "" } },
      [`add environment["b.c"]`],
    ],
    ["a field's default", { check: { test: ["x"], interval: "0s", retries: 0 } }, { check: { test: ["x"] } }, []],
    [
      "a field",
      { check: { test: ["x"], interval: "1s" } },
      { check: { test: ["x"], interval: "2s" } },
      ["update check.interval"],
    ],
    ["an object that comes", { check: null }, { check: { test: ["x"] } }, ["add check"]],
    ["an object that goes", { check: { test: ["x"] } }, {}, ["delete check"]],
    [
      "objects in a set, defaults left out",
      { ports: [{ internal: 1, ip: "0.0.0.0" }] },
      { ports: [{ internal: 1 }] },
      [],
    ],
    [
      "a field of an object in a set",
      { ports: [{ internal: 1, ip: "x" }] },
      { ports: [{ internal: 1, ip: "y" }] },
      ["update! ports[0].ip"],
    ],
    [
      "deep inside any value",
      { triggers: [1, { a: ["x"] }] },
      { triggers: [1, { a: ["y"] }] },
      ["update triggers[1].a[0]"],
    ],
  ];
  test.each(cases)("%s", (_title, state, inputs, expected) => {
    const found = diffState(schema, { name: "x", on: true, ...state }, { name: "x", ...inputs });
    expect(found.map(({ kind, replaces, path }) => `${kind}${replaces ? "!" : ""} ${path}`)).toEqual(expected);
  });
});

describe("checkInputs", () => {
  const cases: [title: string, inputs: PropertyMap, failure: string][] = [
    ["a property that is not there", { nope: 1 }, 'property "nope" is not supported by the registry-only plugins'],
    ["a nested one", { check: { nope: 1 } }, 'property "check.nope" is not supported by the registry-only plugins'],
    ["one in a list", { ports: [{ internal: 1, nope: 2 }] }, 'property "ports[0].nope" is not supported'],
    ["one that is missing", { name: null }, 'property "name" is required'],
    ["a missing field", { ports: [{}] }, 'property "ports[0].internal" is required'],
    ["a wrong type", { size: "5" }, 'property "size" must be a whole number, not a string'],
    ["a wrong type of an entry", { environment: { A: 1 } }, 'property "environment.A" must be a string, not a number'],
    ["a value that is not allowed", { mode: "c" }, 'property "mode" is "c", allowed are "a", "b"'],
    ["the same, secret", { mode: new Secret("c") }, 'property "mode" is a secret, allowed are "a", "b"'],
  ];
  test.each(cases)("%s", (_title, inputs, failure) => {
    const failures = checkInputs(schema.inputs, { name: "x", ...inputs });
    expect(failures).toHaveLength(1);
    expect(failures[0]).toContain(failure);
  });

  test("unknown and secret values of the right type pass", () => {
    expect(checkInputs(schema.inputs, { name: unknown, size: new Secret(5), names: [unknown], mode: unknown })).toEqual(
      [],
    );
  });
});

test("values survive the wire, with their marks", () => {
  const properties: PropertyMap = {
    text: "x",
    number: 1.5,
    nothing: null,
    list: [true, unknown, new Secret({ deep: [unknown] })],
  };
  expect(decodeProperties(encodeProperties(properties))).toEqual(properties);
});

test("planned outputs are what is given, defaults, and unknowns", () => {
  const planned = plannedOutputs(schema, { name: "x", check: { test: ["y"] } });
  expect(planned).toMatchObject({ name: "x", on: true, size: null, check: { test: ["y"], interval: "0s" } });
  expect([planned.found, planned.result, planned.printed]).toEqual([unknown, unknown, unknown]);
  const updated = plannedOutputs(schema, { name: "x" }, { found: "here", result: "r", printed: "p" });
  expect([updated.found, updated.result, updated.printed]).toEqual(["here", "r", unknown]);
});

test("secrets are marked entry by entry in maps, as a whole in lists", () => {
  const outputs = { result: "r", environment: { A: "1", B: "2" }, names: ["a", "b"], size: 1 };
  const inputs = { environment: { A: "1", B: new Secret("2") }, names: ["a", new Secret("b")], size: new Secret(1) };
  expect(markSecrets(schema, outputs, inputs)).toEqual({
    result: new Secret("r"),
    environment: { A: "1", B: new Secret("2") },
    names: new Secret(["a", "b"]),
    size: new Secret(1),
  });
});

test("inputs that are read back keep what agrees, and take over what drifted", () => {
  const recorded = { name: "x", size: new Secret(5), tags: ["b", "a"], names: ["a"] };
  const state = { name: "x", size: 5, on: false, tags: ["a", "b"], names: ["other"], found: "here" };
  expect(readInputs(schema, recorded, state)).toEqual({ ...recorded, on: false, names: ["other"] });
  expect(readInputs(schema, {}, { name: "x", size: 0, on: true, tags: [], found: "here" })).toEqual({
    name: "x",
    found: "here",
  });
});

test.each([
  ["0s", 0],
  ["500ms", 5e8],
  ["1.5s", 1.5e9],
  ["1m30s", 90e9],
  ["2h0m0s", 7200e9],
])("durations: %s", (text, value) => {
  expect(nanoseconds(text)).toBe(value);
  expect(goDuration(value)).toBe(text);
});

test("what is no duration is refused", () => {
  expect(() => nanoseconds("10")).toThrow('"10" is no duration');
  expect(() => nanoseconds("1m x")).toThrow("is no duration");
});
